/** The package's version, which servers are told. A test compares it with package.json. */
export const VERSION = '0.1.0'
