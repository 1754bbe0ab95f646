/** Where the API is, as code outside of this page calls it. */
export const baseUrl = `${globalThis.location?.origin ?? ''}/v1`
