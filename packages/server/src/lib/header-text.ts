/** Text of headers, as it can be stored. */

/** At most `maxLength` UTF-16 code units, every control character replaced by a space. */
export function plainHeader(text: string, maxLength: number): string {
  const cut = text.length > maxLength ? text.slice(0, maxLength) : text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be stored
  return /[\u0000-\u001f\u007f-\u009f]/.test(cut) ? cut.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ') : cut
}

/** The user agents that are told apart. */
export function plainUserAgent(text: string): string {
  return plainHeader(text, 256)
}
