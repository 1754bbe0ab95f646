/** From a page about one thing to the list that it stands in. */

/** Ids are `prefix_` and 26 characters. */
const ID = /^[a-z]+_[0-9a-z]{20,}$/

/** `/contacts/cust_…` → `/contacts`; other paths stay as they are. Searches don't survive: they may name ids. */
export function listPath(pathname: string): string {
  const parts = pathname.split('/')
  const at = parts.findIndex((part) => ID.test(part))
  return at === -1 ? pathname : parts.slice(0, at).join('/') || '/'
}
