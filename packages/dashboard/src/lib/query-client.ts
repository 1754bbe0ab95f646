/** What the pages remember of the server's answers. Failures that a repetition can't mend aren't repeated: the SDK has tried already. */
import { QueryClient } from '@tanstack/react-query'

const FRESH_MS = 10_000

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: FRESH_MS },
    mutations: { retry: false },
  },
})
