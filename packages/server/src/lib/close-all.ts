/** Ends one thing after the other, also when ending one of them fails; throws the first failure. */
export async function closeAll(closers: Iterable<() => Promise<unknown>>): Promise<void> {
  const failures: unknown[] = []
  for (const close of closers) {
    try {
      await close()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
