/**
 * “Confirm it’s you”: what creates or shows secrets asks for the password or a passkey when the last proof is older than
 * 15 minutes. `withProof` runs a call, asks if the server wants it, and runs the call again.
 */
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useRef,
  useState,
} from 'react'
import { errorCode } from './errors.ts'

export type WithProof = <T>(call: () => Promise<T>) => Promise<T>

/** The person closed the dialog: the call was not made, which needs no message. */
export class ProofDeclined extends Error {
  constructor() {
    super('Not confirmed, so nothing was changed.')
    this.name = 'ProofDeclined'
  }
}

const ProofContext = createContext<WithProof | null>(null)

export function useProof(): { withProof: WithProof } {
  const withProof = useContext(ProofContext)
  if (withProof === null) throw new Error('useProof is used outside of ProofProvider')
  return { withProof }
}

const ProofDialog = lazy(async () => ({ default: (await import('./proof-dialog.tsx')).ProofDialog }))

export function ProofProvider({ children }: { children: ReactNode }) {
  const [isAsking, setIsAsking] = useState(false)
  const waiting = useRef<{ proved: Promise<void>; settle: (isProved: boolean) => void } | null>(null)

  const ask = useCallback((): Promise<void> => {
    // Calls that fail together are answered by one question.
    if (waiting.current !== null) return waiting.current.proved
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    waiting.current = {
      proved: promise,
      settle: (isProved) => {
        waiting.current = null
        setIsAsking(false)
        if (isProved) resolve()
        else reject(new ProofDeclined())
      },
    }
    setIsAsking(true)
    return promise
  }, [])

  const withProof = useCallback<WithProof>(
    async (call) => {
      try {
        return await call()
      } catch (error) {
        if (errorCode(error) !== 'proof_required') throw error
        await ask()
        return await call()
      }
    },
    [ask],
  )

  return (
    <ProofContext value={withProof}>
      {children}
      {isAsking && (
        <Suspense>
          <ProofDialog
            onProved={() => waiting.current?.settle(true)}
            onDeclined={() => waiting.current?.settle(false)}
          />
        </Suspense>
      )}
    </ProofContext>
  )
}
