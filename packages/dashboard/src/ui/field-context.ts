/** What a field tells the control inside it: its id and what describes it. */
import { createContext, useContext } from 'react'

export interface FieldWiring {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

export const FieldContext = createContext<FieldWiring | null>(null)

/** The control's own id wins; it then needs its own label. */
export function useField(): Partial<FieldWiring> {
  return useContext(FieldContext) ?? {}
}
