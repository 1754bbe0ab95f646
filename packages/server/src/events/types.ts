/** The names of events: the five published ones and ours. One list for code, API and documentation. */
export const eventTypes = [
  'conversation.created',
  'conversation.updated',
  'conversation.closed',
  'message.received',
  'conversation.handoff_requested',
  'conversation.reopened',
  'conversation.resolved',
  'conversation.deleted',
  'message.sent',
  'contact.created',
  'contact.updated',
  'contact.deleted',
  'api_key.created',
  'api_key.updated',
  'api_key.rotated',
  'api_key.rotation_finished',
  'api_key.rotation_cancelled',
  'api_key.expiring',
  'api_key.expired',
  'api_key.leaked',
  'api_key.quarantined',
  'api_key.released',
  'api_key.refused_in_browser',
  'api_key.revoked',
] as const

export type EventType = (typeof eventTypes)[number]
