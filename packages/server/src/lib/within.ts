/** What the work comes to, or `late` when it takes longer; the work goes on then, and is no longer heard if it fails. */
export async function within<T, L>(work: Promise<T>, timeoutMs: number, late: L): Promise<T | L> {
  const { promise, resolve } = Promise.withResolvers<L>()
  const timer = setTimeout(resolve, Math.max(0, timeoutMs), late)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
