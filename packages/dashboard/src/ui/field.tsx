/** Fields of forms. A `Field` wires label, hint and error to the one control inside it. */
import { Check, ChevronDown, Eye, EyeOff, Search } from 'lucide-react'
import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
  useState,
} from 'react'
import { classNames } from './class-names.ts'
import { FieldContext, useField } from './field-context.ts'

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: ReactNode
  isOptional?: boolean
  children: ReactNode
}

export function Field({ label, hint, error, isOptional = false, children }: FieldProps) {
  const id = useId()
  const hasError = error !== undefined && error !== null && error !== ''
  const describedBy = [hint !== undefined && `${id}-hint`, hasError && `${id}-error`]
    .filter(Boolean)
    .join(' ')
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium text-text">
        {label}
        {isOptional && <span className="font-normal text-faint"> (optional)</span>}
      </label>
      <FieldContext
        value={{ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': hasError || undefined }}
      >
        {children}
      </FieldContext>
      {hint !== undefined && (
        <div id={`${id}-hint`} className="text-xs text-faint">
          {hint}
        </div>
      )}
      {hasError && (
        <div id={`${id}-error`} role="alert" className="text-xs text-danger">
          {error}
        </div>
      )}
    </div>
  )
}

const control =
  'w-full min-w-0 rounded-md border border-control bg-surface text-sm text-text transition-colors duration-100 hover:border-muted focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent disabled:opacity-60 aria-invalid:border-danger'

type TextInputProps = InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }

export function TextInput({ className, type = 'text', ...rest }: TextInputProps) {
  return (
    <input
      type={type}
      {...useField()}
      className={classNames(control, 'h-8 px-2.5 pointer-coarse:h-10', className)}
      {...rest}
    />
  )
}

export function PasswordInput(props: Omit<TextInputProps, 'type'>) {
  const [isShown, setIsShown] = useState(false)
  return (
    <div className="relative">
      <TextInput {...props} type={isShown ? 'text' : 'password'} className="pr-9" spellCheck={false} />
      <button
        type="button"
        aria-label={isShown ? 'Hide password' : 'Show password'}
        className="absolute inset-y-0 right-0 flex w-9 items-center justify-center rounded-md text-faint hover:text-text"
        onClick={() => setIsShown(!isShown)}
      >
        {isShown ? <EyeOff size={15} aria-hidden /> : <Eye size={15} aria-hidden />}
      </button>
    </div>
  )
}

type TextAreaProps = TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }

export function TextArea({ className, rows = 3, ...rest }: TextAreaProps) {
  return (
    <textarea
      rows={rows}
      {...useField()}
      className={classNames(control, 'px-2.5 py-1.5', className)}
      {...rest}
    />
  )
}

export interface Option<T extends string = string> {
  value: T
  label: string
}

interface SelectProps<T extends string>
  extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'value' | 'onChange'> {
  options: readonly Option<T>[]
  value: T
  onChange: (value: T) => void
}

/** The browser's own list: it works with every keyboard, screen reader and phone. Outside a Field it needs an aria-label. */
export function Select<T extends string>({ options, value, onChange, className, ...rest }: SelectProps<T>) {
  return (
    <div className={classNames('relative', className)}>
      <select
        {...useField()}
        value={value}
        // The options hold nothing but values of T.
        onChange={(event) => onChange(event.target.value as T)}
        className={classNames(control, 'h-8 appearance-none truncate pr-8 pl-2.5 pointer-coarse:h-10')}
        {...rest}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-surface text-text">
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        size={14}
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-faint"
      />
    </div>
  )
}

interface SearchInputProps extends Omit<TextInputProps, 'type' | 'onChange' | 'value'> {
  /** Searches have no visible label: this names it. */
  label: string
  value: string
  onChange: (value: string) => void
}

export function SearchInput({ label, value, onChange, className, placeholder, ...rest }: SearchInputProps) {
  return (
    <div className={classNames('relative', className)}>
      <Search
        size={14}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint"
      />
      <TextInput
        type="search"
        aria-label={label}
        placeholder={placeholder ?? label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="pl-8"
        {...rest}
      />
    </div>
  )
}

interface ChoiceProps {
  label: ReactNode
  description?: ReactNode
  checked: boolean
  onChange: (isChecked: boolean) => void
  disabled?: boolean
}

export function Checkbox({ label, description, checked, onChange, disabled = false }: ChoiceProps) {
  const id = useId()
  return (
    <div className={classNames('flex items-start gap-2.5', disabled && 'opacity-60')}>
      <span className="relative mt-0.5 flex size-4 shrink-0">
        <input
          id={id}
          type="checkbox"
          checked={checked}
          disabled={disabled}
          aria-describedby={description === undefined ? undefined : `${id}-more`}
          onChange={(event) => onChange(event.target.checked)}
          className="peer size-4 appearance-none rounded-sm border border-control bg-surface checked:border-transparent checked:bg-accent"
        />
        <Check
          size={12}
          strokeWidth={3}
          aria-hidden
          className="pointer-events-none absolute inset-0 m-auto hidden text-on-accent peer-checked:block"
        />
      </span>
      <span className="min-w-0 text-sm">
        <label htmlFor={id} className="text-text">
          {label}
        </label>
        {description !== undefined && (
          <span id={`${id}-more`} className="block text-xs text-faint">
            {description}
          </span>
        )}
      </span>
    </div>
  )
}
