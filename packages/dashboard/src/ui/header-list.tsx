/** Headers of a request or an answer, a line each. */

export function HeaderList({ headers }: { headers: readonly (readonly [string, string])[] }) {
  return (
    <dl className="grid max-h-48 grid-cols-[auto_1fr] gap-x-3 gap-y-1 overflow-y-auto px-3 py-2 font-mono text-xs">
      {headers.map(([name, value]) => (
        <div key={name} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
