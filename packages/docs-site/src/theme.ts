/** The colours of the dashboard, for pages that aren't built by Tailwind: its table, as custom properties. */

/** `css` is the dashboard's styles.css. Throws when it has no table of colours. */
export function colours(css: string): string {
  const table = /@theme\s*\{([\s\S]*?)\n\}/.exec(css)?.[1] ?? ''
  const properties = [...table.matchAll(/^\s*(--(?:color|background-color|shadow)-[\w-]+:[^;]+;)/gm)].map(
    ([, declaration]) => `  ${declaration}`,
  )
  if (properties.length === 0) throw new Error('the styles of the dashboard have no table of colours')
  return `:root {\n${properties.join('\n')}\n}\n`
}
