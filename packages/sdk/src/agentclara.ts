/** What the package offers: one name for everything, so that files inside can move. */
// biome-ignore-all lint/performance/noBarrelFile: it is the package's one entry, and its parts have no side effects
// biome-ignore-all lint/performance/noReExportAll: these are types alone, all that the API has
export { AgentClara } from './client.ts'
export {
  AgentClaraError,
  ApiError,
  AuthenticationError,
  ConflictError,
  ConnectionError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
  type WebhookRefusal,
  WebhookVerificationError,
} from './errors.ts'
export type { EventStream, StreamedEvent, StreamOptions } from './event-stream.ts'
export type * from './generated/wire.ts'
export type { List, Page } from './page.ts'
export type * from './resources/api-keys.ts'
export type * from './resources/client-tokens.ts'
export type * from './resources/contacts.ts'
export type * from './resources/conversations.ts'
export type * from './resources/events.ts'
export type * from './resources/invitations.ts'
export type * from './resources/knowledge.ts'
export type * from './resources/leaks.ts'
export type * from './resources/me.ts'
export type * from './resources/members.ts'
export type * from './resources/request-logs.ts'
export type * from './resources/webhooks.ts'
export type * from './resources/workspaces.ts'
export type { ClientOptions } from './settings.ts'
export type { RequestOptions } from './transport.ts'
export { type VerifyOptions, verifyWebhook, type WebhookHeaders } from './webhook-verification.ts'
