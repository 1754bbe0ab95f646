/** A password that is being chosen: what it must be is said before it is typed. */
import { Field, PasswordInput } from '../../ui/field.tsx'
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './auth.ts'

interface NewPasswordFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly autoFocus?: boolean
}

export function NewPasswordField({ label, value, onChange, autoFocus = false }: NewPasswordFieldProps) {
  return (
    <Field
      label={label}
      hint={`${PASSWORD_MIN_LENGTH} characters or more. Four unrelated words are good and easy to keep in mind.`}
    >
      <PasswordInput
        name="new-password"
        autoComplete="new-password"
        required
        autoFocus={autoFocus}
        minLength={PASSWORD_MIN_LENGTH}
        maxLength={PASSWORD_MAX_LENGTH}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
