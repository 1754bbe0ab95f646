/** Generated from openapi.json by `npm run generate`: what goes over the wire. Don't edit. */
export interface paths {
  '/me': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Who is this key, or who is signed in?
     * @description Permission: any valid key.
     */
    get: operations['getMe']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/me/sessions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Where you are signed in
     * @description Permission: somebody who is signed in; no key.
     */
    get: operations['listMySessions']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/me/sessions/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /**
     * Sign out there
     * @description Permission: somebody who is signed in; no key.
     */
    delete: operations['revokeMySession']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/me/sessions/revoke_others': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Sign out everywhere else
     * @description Permission: somebody who is signed in; no key.
     */
    post: operations['revokeMyOtherSessions']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/me/proof': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Prove again who you are
     * @description By your password or a passkey. What touches secrets or people asks for it 15 minutes after the last time.
     *
     *     Permission: somebody who is signed in; no key.
     */
    post: operations['proveMe']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/me/proof/passkey_options': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * What the browser needs to ask for a passkey
     * @description For `navigator.credentials.get`; its answer goes to `POST /v1/me/proof`.
     *
     *     Permission: somebody who is signed in; no key.
     */
    post: operations['getProofPasskeyOptions']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List keys
     * @description Permission: `api_keys:read`.
     */
    get: operations['listApiKeys']
    put?: never
    /**
     * Create a key
     * @description A key can’t make a key that may do more, lives longer, works from more addresses or has a higher limit than it. Without `permissions` and `preset` the new key may do everything; other limits that are left out are those of the calling key.
     *
     *     Permission: `api_keys:write`.
     */
    post: operations['createApiKey']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get a key
     * @description Permission: `api_keys:read`.
     */
    get: operations['getApiKey']
    put?: never
    post?: never
    /**
     * Revoke a key
     * @description The same as revoking it: the key stays in the list as revoked, for its history.
     *
     *     Permission: `api_keys:write`.
     */
    delete: operations['deleteApiKey']
    options?: never
    head?: never
    /**
     * Change a key
     * @description Every server knows the change before the answer.
     *
     *     Permission: `api_keys:write`.
     */
    patch: operations['updateApiKey']
    trace?: never
  }
  '/api_keys/{id}/revoke': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Revoke a key
     * @description Answers when every server has dropped the key. Requests that had begun are finished; none that begins after the answer is accepted.
     *
     *     Permission: `api_keys:write`.
     */
    post: operations['revokeApiKey']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/{id}/rotate': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Give a key a new secret
     * @description The key keeps its id, name, permissions and history. The old secret works until the overlap ends; its answers carry `Deprecation` and `Sunset`. 409 for a key that rotates already, and for one that is revoked or expired.
     *
     *     Permission: `api_keys:write`.
     */
    post: operations['rotateApiKey']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/{id}/rotate/finish': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * End the old secret now
     * @description GET /v1/api_keys/{id}/usage says who still uses it. Finishing again changes nothing; 409 for a key that is not being rotated.
     *
     *     Permission: `api_keys:write`.
     */
    post: operations['finishApiKeyRotation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/{id}/rotate/cancel': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Go back to the old secret
     * @description Ends the new secret: for a rotation whose answer was lost. 409 once the overlap has ended.
     *
     *     Permission: `api_keys:write`.
     */
    post: operations['cancelApiKeyRotation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/{id}/quarantine': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Let a key only read, from where it was used before
     * @description It may only read, and only from the addresses that it was used from in the last 30 days: a key that was not used in them works from nowhere. `release` ends it.
     *
     *     Permission: `api_keys:write`.
     */
    post: operations['quarantineApiKey']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/{id}/release': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * End a key’s quarantine
     * @description Also takes the notes `leaked` and `used_in_browser` away: you have dealt with them.
     *
     *     Permission: `api_keys:write`.
     */
    post: operations['releaseApiKey']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/settings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What holds for all keys of the environment
     * @description Permission: `api_keys:read`.
     */
    get: operations['getApiKeySettings']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    /**
     * Choose what becomes of leaked keys
     * @description Takes a key with all permissions (`*`).
     *
     *     Permission: `api_keys:write`.
     */
    patch: operations['updateApiKeySettings']
    trace?: never
  }
  '/api_keys/{id}/usage': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Who uses a key, and how it goes
     * @description Up to the second on the server that answers, a second behind on others.
     *
     *     Permission: `api_keys:read`.
     */
    get: operations['getApiKeyUsage']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/{id}/suggested_permissions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * The fewest permissions that a key needs
     * @description From the calls of the last 30 days that were accepted. A key that makes keys needs what it hands out, too: that is not looked at.
     *
     *     Permission: `api_keys:read`.
     */
    get: operations['suggestApiKeyPermissions']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/audit': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What was done to keys
     * @description Of all keys of the environment, newest first. Entries are never changed.
     *
     *     Permission: `api_keys:read`.
     */
    get: operations['listApiKeyAudit']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api_keys/{id}/audit': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What was done to a key
     * @description Newest first. Entries are never changed.
     *
     *     Permission: `api_keys:read`.
     */
    get: operations['listAuditOfApiKey']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/permissions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** What keys and members can be allowed */
    get: operations['listPermissions']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/client_tokens': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Make a token for a browser
     * @description Bound to one contact or one conversation. It dies with its key: revoked, expired or in quarantine.
     *
     *     Permission: `conversations:write`.
     */
    post: operations['createClientToken']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/workspaces': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List your workspaces
     * @description Permission: somebody who is signed in; no key.
     */
    get: operations['listWorkspaces']
    put?: never
    /**
     * Make a workspace
     * @description With a test and a live environment. Who makes it is its owner.
     *
     *     Permission: somebody who is signed in; no key.
     */
    post: operations['createWorkspace']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/workspaces/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get one of your workspaces
     * @description Permission: somebody who is signed in; no key.
     */
    get: operations['getWorkspace']
    put?: never
    post?: never
    /**
     * Delete a workspace
     * @description For good, with everything in it, in both environments; for its owners. When this answers, every server refuses its keys, its webhooks are sent nothing more and nobody is a member; its data is taken away within minutes.
     *
     *     Permission: somebody who is signed in; no key.
     */
    delete: operations['deleteWorkspace']
    options?: never
    head?: never
    /**
     * Rename a workspace
     * @description For its owners and admins.
     *
     *     Permission: somebody who is signed in; no key.
     */
    patch: operations['updateWorkspace']
    trace?: never
  }
  '/members': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List members
     * @description The people of the workspace; who joined last comes first.
     *
     *     Permission: `members:read`.
     */
    get: operations['listMembers']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/members/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /**
     * Remove a member, or leave
     * @description Removing somebody else takes members:write, and as much as changing their role. The workspace is closed to them at once; keys that belong to them go on working, with the note `owner_left`. 409 for the last owner.
     *
     *     Permission: `members:read`.
     */
    delete: operations['deleteMember']
    options?: never
    head?: never
    /**
     * Give a member another role
     * @description An owner may change everybody, an admin everybody but owners; a key never makes or changes an owner. Takes effect at once, also for requests under way. Invitations that the member could no longer make end. 409 for the last owner.
     *
     *     Permission: `members:write`.
     */
    patch: operations['updateMember']
    trace?: never
  }
  '/invitations': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List invitations
     * @description Those that nobody has accepted, also those that ended.
     *
     *     Permission: `members:read`.
     */
    get: operations['listInvitations']
    put?: never
    /**
     * Invite somebody
     * @description For seven days, once. It is mailed where the server sends mail; its link is in this answer only. An owner may give every role, an admin every role but owner, a key what it may do itself, and never owner. 409 for who is a member or invited already.
     *
     *     Permission: `members:write`.
     */
    post: operations['createInvitation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/invitations/{id}/resend': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Send an invitation again
     * @description With a new link, and seven days from now; the earlier link ends.
     *
     *     Permission: `members:write`.
     */
    post: operations['resendInvitation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/invitations/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /**
     * Take an invitation back
     * @description Permission: `members:write`.
     */
    delete: operations['deleteInvitation']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/invitations/lookup': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * What an invitation is to
     * @description For whoever holds its link. 404 for one that was used, has ended or was taken back.
     */
    post: operations['lookUpInvitation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/invitations/accept': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Join a workspace
     * @description For whoever holds the link and is signed in with the address that was invited. Accepting twice is no error; somebody who is a member already keeps their role.
     *
     *     Permission: somebody who is signed in; no key.
     */
    post: operations['acceptInvitation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/agent/ask': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Ask Clara a question
     * @description Stateless: no conversation, no contact, no event.
     *
     *     Permission: `agent:write`.
     */
    post: operations['askAgent']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/knowledge/sources': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List sources, without their content
     * @description Permission: `knowledge:read`.
     */
    get: operations['listKnowledgeSources']
    put?: never
    /**
     * Add a source
     * @description Clara answers from it as soon as the call returns.
     *
     *     Permission: `knowledge:write`.
     */
    post: operations['createKnowledgeSource']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/knowledge/sources/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get a source
     * @description Permission: `knowledge:read`.
     */
    get: operations['getKnowledgeSource']
    put?: never
    post?: never
    /**
     * Delete a source
     * @description Permission: `knowledge:write`.
     */
    delete: operations['deleteKnowledgeSource']
    options?: never
    head?: never
    /**
     * Change a source
     * @description Permission: `knowledge:write`.
     */
    patch: operations['updateKnowledgeSource']
    trace?: never
  }
  '/knowledge/search': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Find quotes
     * @description Permission: `knowledge:read`.
     */
    post: operations['searchKnowledge']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contacts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List contacts
     * @description Permission: `contacts:read`.
     */
    get: operations['listContacts']
    put?: never
    /**
     * Create a contact
     * @description Permission: `contacts:write`.
     */
    post: operations['createContact']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contacts/search': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Find contacts by name, e-mail or phone
     * @description Best matches first: the exact address, then names that begin with it, then the rest.
     *
     *     Permission: `contacts:read`.
     */
    get: operations['searchContacts']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contacts/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get a contact
     * @description Permission: `contacts:read`.
     */
    get: operations['getContact']
    put?: never
    post?: never
    /**
     * Delete a contact for good
     * @description Its conversations stay, without a contact.
     *
     *     Permission: `contacts:write`.
     */
    delete: operations['deleteContact']
    options?: never
    head?: never
    /**
     * Change a contact
     * @description `tags`, `emails` and `phones` replace, `custom_fields` merges. `email` and `phone` replace the first one; null removes it.
     *
     *     Permission: `contacts:write`.
     */
    patch: operations['updateContact']
    trace?: never
  }
  '/conversations': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List conversations
     * @description A client token lists those of its contact, or its one conversation, and can’t filter by `tag`.
     *
     *     Permission: `conversations:read`.
     */
    get: operations['listConversations']
    put?: never
    /**
     * Start a conversation
     * @description Finds the contact by phone or e-mail, or creates it. A client token for a contact starts one on the channel `web` with that contact as its customer.
     *
     *     Permission: `conversations:write`.
     */
    post: operations['createConversation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contacts/{id}/conversations': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List a contact’s conversations
     * @description Permission: `conversations:read`.
     */
    get: operations['listContactConversations']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/conversations/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get a conversation with its messages
     * @description A client token sees a conversation that it reaches, without internal notes, tags, metadata and the reason of a handoff.
     *
     *     Permission: `conversations:read`.
     */
    get: operations['getConversation']
    put?: never
    post?: never
    /**
     * Delete a conversation and its messages for good
     * @description Permission: `conversations:write`.
     */
    delete: operations['deleteConversation']
    options?: never
    head?: never
    /**
     * Change a conversation
     * @description `tags` adds, `remove_tags` removes; `customer_name` renames the contact.
     *
     *     Permission: `conversations:write`.
     */
    patch: operations['updateConversation']
    trace?: never
  }
  '/conversations/{id}/messages': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List a conversation’s messages
     * @description A client token lists those of a conversation that it reaches, without internal notes and metadata.
     *
     *     Permission: `conversations:read`.
     */
    get: operations['listMessages']
    put?: never
    /**
     * Send a message
     * @description A customer’s message is answered by Clara while she handles the conversation; a person’s takes it over. A client token sends the customer’s public ones, without metadata.
     *
     *     Permission: `conversations:write`.
     */
    post: operations['sendMessage']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/conversations/{id}/close': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Close a conversation
     * @description Permission: `conversations:write`.
     */
    post: operations['closeConversation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/conversations/{id}/resolve': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Mark a conversation as resolved
     * @description Permission: `conversations:write`.
     */
    post: operations['resolveConversation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/conversations/{id}/reopen': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Reopen a conversation
     * @description Permission: `conversations:write`.
     */
    post: operations['reopenConversation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/conversations/{id}/handoff': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Give a conversation to a person
     * @description A client token may ask for a person in a conversation that it reaches; the reason is for the team.
     *
     *     Permission: `conversations:write`.
     */
    post: operations['handOffConversation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/conversations/{id}/return_to_clara': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Give a conversation back to Clara
     * @description Permission: `conversations:write`.
     */
    post: operations['returnConversationToClara']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/conversations/{id}/read': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Mark a conversation as read
     * @description Permission: `conversations:write`.
     */
    post: operations['readConversation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/webhooks': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List webhooks
     * @description Permission: `webhooks:read`.
     */
    get: operations['listWebhooks']
    put?: never
    /**
     * Create a webhook
     * @description Requests follow Standard Webhooks 1.0.0. A test event is sent at once. The webhook is told of what happens from now on.
     *
     *     Permission: `webhooks:write`.
     */
    post: operations['createWebhook']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/webhooks/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get a webhook
     * @description Permission: `webhooks:read`.
     */
    get: operations['getWebhook']
    put?: never
    post?: never
    /**
     * Delete a webhook for good
     * @description Permission: `webhooks:write`.
     */
    delete: operations['deleteWebhook']
    options?: never
    head?: never
    /**
     * Change a webhook
     * @description `headers` replaces all of them. Holds for what is sent from now on, retries among it.
     *
     *     Permission: `webhooks:write`.
     */
    patch: operations['updateWebhook']
    trace?: never
  }
  '/webhooks/{id}/test': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Send a test event
     * @description An event `webhook.test` for this webhook alone, on the way that all events take.
     *
     *     Permission: `webhooks:write`.
     */
    post: operations['testWebhook']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/webhooks/{id}/rotate_secret': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Give a webhook a new signing secret
     * @description Until the overlap ends, each request carries two signatures.
     *
     *     Permission: `webhooks:write`.
     */
    post: operations['rotateWebhookSecret']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/webhooks/{id}/pause': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Send nothing for a while
     * @description What comes meanwhile is kept, for up to 30 days, in its order.
     *
     *     Permission: `webhooks:write`.
     */
    post: operations['pauseWebhook']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/webhooks/{id}/resume': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Send again
     * @description What was kept follows in order. Also brings a disabled webhook back.
     *
     *     Permission: `webhooks:write`.
     */
    post: operations['resumeWebhook']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/webhooks/check_url': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Say whether a URL could be a webhook’s
     * @description Judged as when a webhook is saved: its name is resolved, and nothing is sent there. A URL that is refused is no error here. A workspace may ask 60 times a minute.
     *
     *     Permission: `webhooks:write`.
     */
    post: operations['checkWebhookUrl']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/webhooks/{id}/deliveries': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List what a webhook was sent
     * @description The latest events first, of the last 30 days. An event that nobody has tried to send yet is not here: `GET /v1/events/{id}/explain` says where it is.
     *
     *     Permission: `webhooks:read`.
     */
    get: operations['listDeliveries']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/deliveries/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get a delivery with its attempts
     * @description Permission: `webhooks:read`.
     */
    get: operations['getDelivery']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/deliveries/{id}/redeliver': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Send an event to a webhook again
     * @description Whatever became of it before; with retries, as the first time.
     *
     *     Permission: `webhooks:write`.
     */
    post: operations['redeliver']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/webhooks/{id}/recover': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Send again what failed, or was never sent
     * @description In order, a hundred at a time, beside what comes new. One replay of a webhook at a time. Takes `events:read`, too.
     *
     *     Permission: `webhooks:write`.
     */
    post: operations['recoverWebhook']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/recoveries/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * How far a recovery is
     * @description Permission: `webhooks:read`.
     */
    get: operations['getRecovery']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/events/{id}/explain': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Why an event was delivered, or wasn’t
     * @description Permission: `webhooks:read`.
     */
    get: operations['explainDelivery']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/request_logs': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List requests
     * @description Every request by a key or client token of the environment, and writes and failures of signed-in members, newest first, without bodies. Up to the second on the server that answers, a second behind on others.
     *
     *     Permission: `usage:read`.
     */
    get: operations['listRequestLogs']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/request_logs/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get a request, with its bodies
     * @description Bodies are for who may read what the endpoint is about.
     *
     *     Permission: `usage:read`.
     */
    get: operations['getRequestLog']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/overview': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * How conversations went
     * @description Who waits for a person now; and of a range of time, how many there were and how they went.
     *
     *     Permission: `conversations:read`.
     */
    get: operations['getOverview']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/usage': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * How many requests there were, and how they went
     * @description Of all keys of the environment, together and each; the same counting as request logs and the usage of a key. Up to the second on the server that answers, a second behind on others.
     *
     *     Permission: `usage:read`.
     */
    get: operations['getUsage']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/events/stream': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Follow events as they happen
     * @description Server-Sent Events of the whole environment, in the order of `GET /v1/events?order=asc`. A client that lost the connection sends the last `id` that it saw as `Last-Event-ID`, and sees every event once; without it, those from now on. Something is sent every 15 seconds. A key may have 10 streams open; a stream ends when its key may no longer read events, and when its client takes nothing for 30 seconds.
     *
     *     Permission: `events:read`.
     */
    get: operations['streamEvents']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/events': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List events
     * @description With `order=asc` and `after_sequence` a reader that goes on after the last event it saw sees every event once, in order: none appears later with a lower sequence. Events carry what they tell of (names, addresses, the text of messages): give `events:read` to who may see all of it.
     *
     *     Permission: `events:read`.
     */
    get: operations['listEvents']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/events/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get an event
     * @description Permission: `events:read`.
     */
    get: operations['getEvent']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/leaks': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Report a leaked secret
     * @description Anyone who holds a secret reports it as an object; the answer reveals nothing about it. A list is what GitHub’s secret scanning sends, with its signature, and is answered as GitHub expects.
     */
    post: operations['reportLeaks']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    /** @description Every failure, whatever its status. */
    Error: {
      /** @enum {boolean} */
      success: false
      /** @description A sentence for people. */
      error: string
      /** @description For programs; docs/errors explains each. */
      code: string
      /** @description The fix. */
      hint: string
      /** @description The field, query parameter or header that is wrong. */
      param?: string
      details?: {
        [key: string]: unknown
      }
      request_id: string
      doc_url: string
    }
    Pagination: {
      limit: number
      has_more: boolean
      /** @description Pass as `cursor` for the next page; null on the last one. */
      next_cursor: string | null
    }
    ApiKeyMe: {
      /** @enum {string} */
      type: 'api_key'
      id: string
      name: string
      /** @enum {string} */
      environment: 'test' | 'live'
      workspace: {
        id: string
        name: string
      }
      /** @description What it may do; `*` is everything. */
      permissions: string[]
      /** @description The plan’s, or the key’s own where that is lower. */
      rate_limit_per_minute: number
      /**
       * Format: date-time
       * @description From then on the key is refused. Null: it doesn’t end.
       */
      expires_at: string | null
      /** @description Of the secret that this request was made with. */
      secret_last_four: string
    }
    MemberMe: {
      /** @enum {string} */
      type: 'member'
      user: {
        id: string
        name: string
        email: string
        email_verified: boolean
        two_factor_enabled: boolean
      }
      /** @description The one that `AgentClara-Workspace` names, or your first. Null: you are in none. */
      workspace: {
        id: string
        name: string
        plan: string
      } | null
      /** @enum {string} */
      environment: 'test' | 'live'
      /**
       * @description In the workspace.
       * @enum {string|null}
       */
      role: 'owner' | 'admin' | 'agent' | 'viewer' | null
      /** @description What it may do; `*` is everything. */
      permissions: string[]
      proof: {
        /**
         * Format: date-time
         * @description As in Proof.
         */
        proved_at: string
        /**
         * Format: date-time
         * @description As in Proof.
         */
        valid_until: string
      } | null
    }
    Proof: {
      /**
       * Format: date-time
       * @description When you last proved who you are: by signing in, too.
       */
      proved_at: string
      /**
       * Format: date-time
       * @description Until then nothing asks for another proof.
       */
      valid_until: string
    }
    Session: {
      id: string
      /**
       * Format: date-time
       * @description When you signed in.
       */
      created_at: string
      /**
       * Format: date-time
       * @description To the minute.
       */
      last_active_at: string
      /** @description Where you signed in from. */
      ip: string | null
      user_agent: string | null
      /** @description The one that asks. */
      is_current: boolean
    }
    ApiKey: {
      id: string
      name: string
      /** @enum {string} */
      environment: 'test' | 'live'
      /**
       * @description The strongest of the states that it is in: `rotating` while two secrets work, `quarantined` while it may only read.
       * @enum {string}
       */
      status: 'active' | 'rotating' | 'expired' | 'revoked' | 'quarantined'
      /** @description What is shown of the secret: `sk_live_…9fQa`. */
      hint: string
      permissions: string[]
      /** @description Empty: from anywhere. */
      ip_allowlist: string[]
      /** @description Null: as the workspace’s plan. */
      rate_limit_per_minute: number | null
      owner: {
        /** @enum {string} */
        type: 'app' | 'person'
        name: string | null
        email: string | null
      }
      /** @description Who made it. */
      created_by: {
        /**
         * @description `admin` is the admin command.
         * @enum {string}
         */
        type: 'member' | 'api_key' | 'admin' | 'system'
        /** @description The member’s user, or the key. */
        id: string | null
        /** @description As it was then. */
        name: string | null
      }
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was last changed.
       */
      updated_at: string
      /**
       * Format: date-time
       * @description From then on it is refused.
       */
      expires_at: string | null
      /**
       * Format: date-time
       * @description Since then it is refused.
       */
      revoked_at: string | null
      /** @description The receipt that revoking it gave. Null: none was waited for. */
      revocation: {
        /** @description From the request until every node knew. */
        took_ms: number
        /** @description Every server that shares the database. */
        nodes: {
          id: string
          /** @description Null: it did not say so in time, and forgets the key by itself. */
          took_ms: number | null
        }[]
        /** @description Requests with the key that nodes accepted while the change was under way: each counted from when it heard of the click, which another node does within a notification’s time, until it dropped the key. */
        requests_since_click: number
      } | null
      /**
       * Format: date-time
       * @description The latest accepted request, to the second.
       */
      last_used_at: string | null
      /** @description While two secrets work. */
      rotation: {
        /**
         * Format: date-time
         * @description When the new secret was made.
         */
        started_at: string
        /** @description What is shown of the old secret. */
        old_hint: string
        /**
         * Format: date-time
         * @description Until then the old secret works, too.
         */
        old_secret_ends_at: string
      } | null
      quarantine: {
        /**
         * Format: date-time
         * @description Since then it may only read.
         */
        since: string
        /** @description As it was given; `leak_reported` after a report. */
        reason: string
        /** @description Where it may be used from; empty: nowhere, it had not been used. */
        addresses: string[]
      } | null
      leak: {
        /**
         * Format: date-time
         * @description When somebody last reported its secret.
         */
        reported_at: string
        /** @description Where it was found, as reported: not checked. */
        url: string | null
        /** @description What kind of place that is, as reported. */
        source: string | null
      } | null
      /** @description A web page sent the secret, and was refused: the secret is public. */
      browser: {
        /**
         * Format: date-time
         * @description When it was last noted.
         */
        refused_at: string
        /** @description The page’s, as its browser gave it. */
        origin: string
      } | null
      /** @description What somebody should look at: `unused` for 90 days, `never_expires`, `owner_left` the workspace, `leaked`, `used_in_browser`. */
      attention: ('unused' | 'never_expires' | 'owner_left' | 'leaked' | 'used_in_browser')[]
    }
    CreatedApiKey: {
      id: string
      name: string
      /** @enum {string} */
      environment: 'test' | 'live'
      /**
       * @description The strongest of the states that it is in: `rotating` while two secrets work, `quarantined` while it may only read.
       * @enum {string}
       */
      status: 'active' | 'rotating' | 'expired' | 'revoked' | 'quarantined'
      /** @description What is shown of the secret: `sk_live_…9fQa`. */
      hint: string
      permissions: string[]
      /** @description Empty: from anywhere. */
      ip_allowlist: string[]
      /** @description Null: as the workspace’s plan. */
      rate_limit_per_minute: number | null
      owner: {
        /** @enum {string} */
        type: 'app' | 'person'
        name: string | null
        email: string | null
      }
      /** @description Who made it. */
      created_by: {
        /**
         * @description `admin` is the admin command.
         * @enum {string}
         */
        type: 'member' | 'api_key' | 'admin' | 'system'
        /** @description The member’s user, or the key. */
        id: string | null
        /** @description As it was then. */
        name: string | null
      }
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was last changed.
       */
      updated_at: string
      /**
       * Format: date-time
       * @description From then on it is refused.
       */
      expires_at: string | null
      /**
       * Format: date-time
       * @description Since then it is refused.
       */
      revoked_at: string | null
      /** @description The receipt that revoking it gave. Null: none was waited for. */
      revocation: {
        /** @description From the request until every node knew. */
        took_ms: number
        /** @description Every server that shares the database. */
        nodes: {
          id: string
          /** @description Null: it did not say so in time, and forgets the key by itself. */
          took_ms: number | null
        }[]
        /** @description Requests with the key that nodes accepted while the change was under way: each counted from when it heard of the click, which another node does within a notification’s time, until it dropped the key. */
        requests_since_click: number
      } | null
      /**
       * Format: date-time
       * @description The latest accepted request, to the second.
       */
      last_used_at: string | null
      /** @description While two secrets work. */
      rotation: {
        /**
         * Format: date-time
         * @description When the new secret was made.
         */
        started_at: string
        /** @description What is shown of the old secret. */
        old_hint: string
        /**
         * Format: date-time
         * @description Until then the old secret works, too.
         */
        old_secret_ends_at: string
      } | null
      quarantine: {
        /**
         * Format: date-time
         * @description Since then it may only read.
         */
        since: string
        /** @description As it was given; `leak_reported` after a report. */
        reason: string
        /** @description Where it may be used from; empty: nowhere, it had not been used. */
        addresses: string[]
      } | null
      leak: {
        /**
         * Format: date-time
         * @description When somebody last reported its secret.
         */
        reported_at: string
        /** @description Where it was found, as reported: not checked. */
        url: string | null
        /** @description What kind of place that is, as reported. */
        source: string | null
      } | null
      /** @description A web page sent the secret, and was refused: the secret is public. */
      browser: {
        /**
         * Format: date-time
         * @description When it was last noted.
         */
        refused_at: string
        /** @description The page’s, as its browser gave it. */
        origin: string
      } | null
      /** @description What somebody should look at: `unused` for 90 days, `never_expires`, `owner_left` the workspace, `leaked`, `used_in_browser`. */
      attention: ('unused' | 'never_expires' | 'owner_left' | 'leaked' | 'used_in_browser')[]
      /** @description The secret, this once: it is not stored. */
      secret: string
    }
    ChangedApiKey: {
      id: string
      name: string
      /** @enum {string} */
      environment: 'test' | 'live'
      /**
       * @description The strongest of the states that it is in: `rotating` while two secrets work, `quarantined` while it may only read.
       * @enum {string}
       */
      status: 'active' | 'rotating' | 'expired' | 'revoked' | 'quarantined'
      /** @description What is shown of the secret: `sk_live_…9fQa`. */
      hint: string
      permissions: string[]
      /** @description Empty: from anywhere. */
      ip_allowlist: string[]
      /** @description Null: as the workspace’s plan. */
      rate_limit_per_minute: number | null
      owner: {
        /** @enum {string} */
        type: 'app' | 'person'
        name: string | null
        email: string | null
      }
      /** @description Who made it. */
      created_by: {
        /**
         * @description `admin` is the admin command.
         * @enum {string}
         */
        type: 'member' | 'api_key' | 'admin' | 'system'
        /** @description The member’s user, or the key. */
        id: string | null
        /** @description As it was then. */
        name: string | null
      }
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was last changed.
       */
      updated_at: string
      /**
       * Format: date-time
       * @description From then on it is refused.
       */
      expires_at: string | null
      /**
       * Format: date-time
       * @description Since then it is refused.
       */
      revoked_at: string | null
      /** @description The receipt that revoking it gave. Null: none was waited for. */
      revocation: {
        /** @description From the request until every node knew. */
        took_ms: number
        /** @description Every server that shares the database. */
        nodes: {
          id: string
          /** @description Null: it did not say so in time, and forgets the key by itself. */
          took_ms: number | null
        }[]
        /** @description Requests with the key that nodes accepted while the change was under way: each counted from when it heard of the click, which another node does within a notification’s time, until it dropped the key. */
        requests_since_click: number
      } | null
      /**
       * Format: date-time
       * @description The latest accepted request, to the second.
       */
      last_used_at: string | null
      /** @description While two secrets work. */
      rotation: {
        /**
         * Format: date-time
         * @description When the new secret was made.
         */
        started_at: string
        /** @description What is shown of the old secret. */
        old_hint: string
        /**
         * Format: date-time
         * @description Until then the old secret works, too.
         */
        old_secret_ends_at: string
      } | null
      quarantine: {
        /**
         * Format: date-time
         * @description Since then it may only read.
         */
        since: string
        /** @description As it was given; `leak_reported` after a report. */
        reason: string
        /** @description Where it may be used from; empty: nowhere, it had not been used. */
        addresses: string[]
      } | null
      leak: {
        /**
         * Format: date-time
         * @description When somebody last reported its secret.
         */
        reported_at: string
        /** @description Where it was found, as reported: not checked. */
        url: string | null
        /** @description What kind of place that is, as reported. */
        source: string | null
      } | null
      /** @description A web page sent the secret, and was refused: the secret is public. */
      browser: {
        /**
         * Format: date-time
         * @description When it was last noted.
         */
        refused_at: string
        /** @description The page’s, as its browser gave it. */
        origin: string
      } | null
      /** @description What somebody should look at: `unused` for 90 days, `never_expires`, `owner_left` the workspace, `leaked`, `used_in_browser`. */
      attention: ('unused' | 'never_expires' | 'owner_left' | 'leaked' | 'used_in_browser')[]
      /** @description From the request until every node knew. */
      took_ms: number
      /** @description Every server that shares the database. */
      nodes: {
        id: string
        /** @description Null: it did not say so in time, and forgets the key by itself. */
        took_ms: number | null
      }[]
      /** @description Requests with the key that nodes accepted while the change was under way: each counted from when it heard of the click, which another node does within a notification’s time, until it dropped the key. */
      requests_since_click: number
    }
    RotatedApiKey: {
      id: string
      name: string
      /** @enum {string} */
      environment: 'test' | 'live'
      /**
       * @description The strongest of the states that it is in: `rotating` while two secrets work, `quarantined` while it may only read.
       * @enum {string}
       */
      status: 'active' | 'rotating' | 'expired' | 'revoked' | 'quarantined'
      /** @description What is shown of the secret: `sk_live_…9fQa`. */
      hint: string
      permissions: string[]
      /** @description Empty: from anywhere. */
      ip_allowlist: string[]
      /** @description Null: as the workspace’s plan. */
      rate_limit_per_minute: number | null
      owner: {
        /** @enum {string} */
        type: 'app' | 'person'
        name: string | null
        email: string | null
      }
      /** @description Who made it. */
      created_by: {
        /**
         * @description `admin` is the admin command.
         * @enum {string}
         */
        type: 'member' | 'api_key' | 'admin' | 'system'
        /** @description The member’s user, or the key. */
        id: string | null
        /** @description As it was then. */
        name: string | null
      }
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was last changed.
       */
      updated_at: string
      /**
       * Format: date-time
       * @description From then on it is refused.
       */
      expires_at: string | null
      /**
       * Format: date-time
       * @description Since then it is refused.
       */
      revoked_at: string | null
      /** @description The receipt that revoking it gave. Null: none was waited for. */
      revocation: {
        /** @description From the request until every node knew. */
        took_ms: number
        /** @description Every server that shares the database. */
        nodes: {
          id: string
          /** @description Null: it did not say so in time, and forgets the key by itself. */
          took_ms: number | null
        }[]
        /** @description Requests with the key that nodes accepted while the change was under way: each counted from when it heard of the click, which another node does within a notification’s time, until it dropped the key. */
        requests_since_click: number
      } | null
      /**
       * Format: date-time
       * @description The latest accepted request, to the second.
       */
      last_used_at: string | null
      /** @description While two secrets work. */
      rotation: {
        /**
         * Format: date-time
         * @description When the new secret was made.
         */
        started_at: string
        /** @description What is shown of the old secret. */
        old_hint: string
        /**
         * Format: date-time
         * @description Until then the old secret works, too.
         */
        old_secret_ends_at: string
      } | null
      quarantine: {
        /**
         * Format: date-time
         * @description Since then it may only read.
         */
        since: string
        /** @description As it was given; `leak_reported` after a report. */
        reason: string
        /** @description Where it may be used from; empty: nowhere, it had not been used. */
        addresses: string[]
      } | null
      leak: {
        /**
         * Format: date-time
         * @description When somebody last reported its secret.
         */
        reported_at: string
        /** @description Where it was found, as reported: not checked. */
        url: string | null
        /** @description What kind of place that is, as reported. */
        source: string | null
      } | null
      /** @description A web page sent the secret, and was refused: the secret is public. */
      browser: {
        /**
         * Format: date-time
         * @description When it was last noted.
         */
        refused_at: string
        /** @description The page’s, as its browser gave it. */
        origin: string
      } | null
      /** @description What somebody should look at: `unused` for 90 days, `never_expires`, `owner_left` the workspace, `leaked`, `used_in_browser`. */
      attention: ('unused' | 'never_expires' | 'owner_left' | 'leaked' | 'used_in_browser')[]
      /** @description From the request until every node knew. */
      took_ms: number
      /** @description Every server that shares the database. */
      nodes: {
        id: string
        /** @description Null: it did not say so in time, and forgets the key by itself. */
        took_ms: number | null
      }[]
      /** @description Requests with the key that nodes accepted while the change was under way: each counted from when it heard of the click, which another node does within a notification’s time, until it dropped the key. */
      requests_since_click: number
      /** @description The secret, this once: it is not stored. */
      secret: string
    }
    KeySettings: {
      /**
       * @description What becomes of a key of this environment whose secret somebody reports.
       * @enum {string}
       */
      leak_response: 'quarantine' | 'revoke'
    }
    /** @description Who calls what. */
    ApiKeyClient: {
      ip: string
      user_agent: string
      /** @description `GET /v1/contacts/{id}` */
      endpoint: string
      /**
       * Format: date-time
       * @description The first request that is known.
       */
      first_seen: string
      /**
       * Format: date-time
       * @description The latest request, accepted or refused.
       */
      last_seen: string
      /**
       * Format: date-time
       * @description The latest accepted request.
       */
      last_used: string | null
      /** @description Accepted requests since `first_seen`. */
      requests: number
      /** @description Refused requests (401, 403) since `first_seen`. */
      refused: number
    }
    ApiKeySecretUsage: {
      /** @description What is shown of it. */
      hint: string
      /**
       * @description `old` works until `ends_at`; `ended` is refused.
       * @enum {string}
       */
      status: 'current' | 'old' | 'ended'
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description Until then it works, or worked.
       */
      ends_at: string | null
      /** @description Of the last 30 days; the latest first, 200 at most. */
      clients: components['schemas']['ApiKeyClient'][]
      has_more_clients: boolean
    }
    ApiKeyUsage: {
      api_key_id: string
      /**
       * Format: date-time
       * @description Begin of the range.
       */
      since: string
      /**
       * Format: date-time
       * @description End of the range.
       */
      until: string
      /** @enum {string} */
      interval: 'hour' | 'day'
      /** @description Only hours or days with requests, oldest first. */
      buckets: {
        /**
         * Format: date-time
         * @description Begin of the hour or day.
         */
        start: string
        /** @description All of them. */
        requests: number
        succeeded: number
        /** @description 401 and 403. */
        refused: number
        /** @description 429. */
        rate_limited: number
        /** @description Other 4xx. */
        client_errors: number
        /** @description 5xx. */
        server_errors: number
      }[]
      /** @description The current one first. */
      secrets: components['schemas']['ApiKeySecretUsage'][]
      /** @description While two secrets work. */
      rotation: {
        /** @description In a sentence. */
        message: string
        /** @description Nobody has used the old secret for 10 minutes and every caller has moved, or for 90 minutes whoever hasn’t. */
        is_safe_to_finish: boolean
        /** @description How long nobody has used the old secret, from the start of the rotation at most. */
        idle_seconds: number
        /**
         * Format: date-time
         * @description The latest accepted request with it.
         */
        old_secret_last_used_at: string | null
        /**
         * Format: date-time
         * @description Then it ends by itself.
         */
        old_secret_ends_at: string
        /** @description Callers that used the old secret since the rotation began, and not the new one since. */
        still_on_old_secret: {
          ip: string
          user_agent: string
          /** @description All that it called with the old secret, also before the rotation. */
          endpoints: string[]
          /**
           * Format: date-time
           * @description The latest accepted request.
           */
          last_seen: string
          /** @description Accepted ones with the old secret, also before the rotation. */
          requests: number
        }[]
      } | null
    }
    SuggestedPermissions: {
      api_key_id: string
      /**
       * Format: date-time
       * @description Begin of what was looked at.
       */
      observed_since: string
      /** @description Accepted requests that the suggestion rests on. */
      requests: number
      current: string[]
      /** @description The fewest permissions that cover every call; empty when there was none that needs one. */
      suggested: string[]
      /** @description Each permission of the key: `*` stands for the write permission of every resource. */
      permissions: {
        permission: string
        /** @enum {string} */
        verdict: 'keep' | 'narrow_to_read' | 'remove'
        /** @description Calls that a key without it would have been refused; with `narrow_to_read` all of them read. */
        would_have_refused: {
          endpoint: string
          requests: number
          /**
           * Format: date-time
           * @description The latest of them.
           */
          last_seen: string
        }[]
      }[]
    }
    ApiKeyAuditEntry: {
      id: string
      /** @description Null: about all keys of the environment. */
      api_key_id: string | null
      /** @enum {string} */
      action:
        | 'created'
        | 'updated'
        | 'handed_over'
        | 'rotated'
        | 'rotation_finished'
        | 'rotation_cancelled'
        | 'revoked'
        | 'quarantined'
        | 'released'
        | 'leak_reported'
        | 'refused_in_browser'
        | 'expired'
        | 'settings_updated'
      actor: {
        /** @enum {string} */
        type: 'api_key' | 'member' | 'admin' | 'system' | 'anyone' | 'github'
        /** @description The key’s, or the member’s user. */
        id: string | null
        /** @description The key’s or the member’s, as it was then. */
        name: string | null
        ip: string | null
        user_agent: string | null
        request_id: string | null
      }
      /** @description `{"field": {"from": …, "to": …}}` of an update; what else is known of other actions. */
      changes: {
        [key: string]: unknown
      }
      /**
       * Format: date-time
       * @description When.
       */
      created_at: string
    }
    Permission: {
      /** @description `contacts:write` */
      permission: string
      description: string
      /** @description The calls that ask for it: `POST /v1/contacts`. */
      calls: string[]
    }
    PermissionTable: {
      /** @description Write implies read. */
      resources: {
        resource: string
        read: components['schemas']['Permission']
        write: components['schemas']['Permission']
      }[]
      presets: {
        /** @description For `preset` of POST /v1/api_keys. */
        name: string
        title: string
        description: string
        permissions: string[]
      }[]
      /** @description What members of a workspace may do; those who may do the most first. */
      roles: {
        /** @enum {string} */
        name: 'owner' | 'admin' | 'agent' | 'viewer'
        title: string
        description: string
        permissions: string[]
      }[]
    }
    ClientToken: {
      id: string
      /** @description For the page: `Authorization: Bearer ct_…`. It is not stored. */
      token: string
      /**
       * Format: date-time
       * @description 15 minutes from now, or when the key that made it ends.
       */
      expires_at: string
    }
    Workspace: {
      id: string
      name: string
      /**
       * @description By it, each of its keys may make 1,000 or 10,000 requests a minute.
       * @enum {string}
       */
      plan: 'standard' | 'enterprise'
      /**
       * @description Of the person who asks.
       * @enum {string}
       */
      role: 'owner' | 'admin' | 'agent' | 'viewer'
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
    }
    Member: {
      id: string
      /** @description The person’s, the same in each workspace. */
      user_id: string
      name: string
      email: string
      /**
       * @description `owner`, `admin`, `agent` or `viewer`: those who may do the most first.
       * @enum {string}
       */
      role: 'owner' | 'admin' | 'agent' | 'viewer'
      /**
       * Format: date-time
       * @description When.
       */
      joined_at: string
      /**
       * Format: date-time
       * @description Of the sessions that go on; to the minute. Null: signed in nowhere.
       */
      last_active_at: string | null
      two_factor_enabled: boolean
      /** @description The person who asks. */
      is_me: boolean
    }
    Invitation: {
      id: string
      /** @description Only who signs in with this address can accept. */
      email: string
      /**
       * @description `owner`, `admin`, `agent` or `viewer`: those who may do the most first.
       * @enum {string}
       */
      role: 'owner' | 'admin' | 'agent' | 'viewer'
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description Until then it can be accepted.
       */
      expires_at: string
      /** @description Who made it, or sent it last. It ends when they may no longer give the role. */
      invited_by: {
        /** @enum {string} */
        type: 'member' | 'api_key'
        /** @description The member’s, or the key’s. */
        id: string | null
        /** @description As it was then. */
        name: string | null
      } | null
    }
    CreatedInvitation: {
      id: string
      /** @description Only who signs in with this address can accept. */
      email: string
      /**
       * @description `owner`, `admin`, `agent` or `viewer`: those who may do the most first.
       * @enum {string}
       */
      role: 'owner' | 'admin' | 'agent' | 'viewer'
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description Until then it can be accepted.
       */
      expires_at: string
      /** @description Who made it, or sent it last. It ends when they may no longer give the role. */
      invited_by: {
        /** @enum {string} */
        type: 'member' | 'api_key'
        /** @description The member’s, or the key’s. */
        id: string | null
        /** @description As it was then. */
        name: string | null
      } | null
      /** @description Opens the invitation, for whoever holds it: in this answer and the mail only. */
      url: string
    }
    InvitationPreview: {
      workspace_name: string
      /**
       * @description `owner`, `admin`, `agent` or `viewer`: those who may do the most first.
       * @enum {string}
       */
      role: 'owner' | 'admin' | 'agent' | 'viewer'
      /** @description The address that was invited. */
      email: string
      /** @description The name of who invites. */
      invited_by: string | null
      /** @description Whether somebody signs in with this address already. */
      has_account: boolean
    }
    JoinedMember: {
      id: string
      /** @description The person’s, the same in each workspace. */
      user_id: string
      name: string
      email: string
      /**
       * @description `owner`, `admin`, `agent` or `viewer`: those who may do the most first.
       * @enum {string}
       */
      role: 'owner' | 'admin' | 'agent' | 'viewer'
      /**
       * Format: date-time
       * @description When.
       */
      joined_at: string
      /**
       * Format: date-time
       * @description Of the sessions that go on; to the minute. Null: signed in nowhere.
       */
      last_active_at: string | null
      two_factor_enabled: boolean
      /** @description The person who asks. */
      is_me: boolean
      workspace: {
        id: string
        name: string
        /** @enum {string} */
        plan: 'standard' | 'enterprise'
        /**
         * @description `owner`, `admin`, `agent` or `viewer`: those who may do the most first.
         * @enum {string}
         */
        role: 'owner' | 'admin' | 'agent' | 'viewer'
        /**
         * Format: date-time
         * @description When it was made.
         */
        created_at: string
      }
    }
    Citation: {
      source_id: string
      title: string
      url: string | null
      /** @description The exact text of the source that the answer rests on. */
      quote: string
      /** @description Where the quote begins in the source’s content, in UTF-16 units. */
      start: number
      end: number
    }
    AgentAnswer: {
      /** @description What Clara would write. */
      answer: string
      citations: components['schemas']['Citation'][]
      /** @description From 0 to 1; 0 when she hands over. */
      confidence: number
      /** @description True when she would get a person instead of answering. */
      handoff: boolean
    }
    KnowledgeSourceSummary: {
      id: string
      /** @enum {string} */
      type: 'text' | 'markdown' | 'faq'
      title: string
      url: string | null
      alternate_questions: string[]
      /** @description Characters (UTF-16 units) of the content. */
      content_length: number
      /**
       * Format: date-time
       * @description When it was added.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was last changed.
       */
      updated_at: string
    }
    KnowledgeSource: {
      id: string
      /** @enum {string} */
      type: 'text' | 'markdown' | 'faq'
      title: string
      url: string | null
      alternate_questions: string[]
      /** @description Characters (UTF-16 units) of the content. */
      content_length: number
      /**
       * Format: date-time
       * @description When it was added.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was last changed.
       */
      updated_at: string
      content: string
    }
    Quote: {
      source_id: string
      title: string
      url: string | null
      /** @description The heading that the quote stands under. */
      heading: string | null
      /** @description The exact text of the source between `start` and `end`. */
      quote: string
      start: number
      end: number
      /** @description From 0 to 1: how well the quote fits the query. */
      score: number
    }
    Contact: {
      id: string
      name: string
      /** @description The first of `emails`. */
      email: string | null
      /** @description The first of `phones`. */
      phone: string | null
      /** @description In lower case. */
      emails: string[]
      /** @description In E.164, such as +14155552671. */
      phones: string[]
      tags: string[]
      /** @description Your own fields. */
      custom_fields: {
        [key: string]: unknown
      }
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was last changed.
       */
      updated_at: string
      conversation_count: number
      /**
       * Format: date-time
       * @description The latest activity in its conversations; null without any.
       */
      last_conversation: string | null
    }
    /** @description Clara’s work on the answer to one customer message. */
    Turn: {
      id: string
      /** @enum {string} */
      status: 'running' | 'succeeded' | 'handed_off' | 'superseded' | 'failed'
    }
    Message: {
      id: string
      conversation_id: string
      /** @enum {string} */
      sender: 'customer' | 'assistant' | 'human'
      content: string
      /**
       * Format: date-time
       * @description When it was written.
       */
      timestamp: string
      /** @enum {string} */
      visibility: 'public' | 'internal'
      /** @description What Clara’s answer rests on. */
      citations: components['schemas']['Citation'][]
      /** @description Your own fields. */
      metadata: {
        [key: string]: unknown
      }
    }
    SentMessage: {
      id: string
      conversation_id: string
      /** @enum {string} */
      sender: 'customer' | 'assistant' | 'human'
      content: string
      /**
       * Format: date-time
       * @description When it was written.
       */
      timestamp: string
      /** @enum {string} */
      visibility: 'public' | 'internal'
      /** @description What Clara’s answer rests on. */
      citations: components['schemas']['Citation'][]
      /** @description Your own fields. */
      metadata: {
        [key: string]: unknown
      }
      turn?: components['schemas']['Turn'] | null
      reply?: components['schemas']['Message'] | null
    }
    Conversation: {
      id: string
      customer_id: string | null
      customer_name: string | null
      customer_email: string | null
      customer_phone: string | null
      /** @enum {string} */
      channel: 'sms' | 'email' | 'instagram' | 'facebook' | 'whatsapp' | 'voice' | 'web'
      subject: string | null
      last_message: string | null
      /**
       * Format: date-time
       * @description The latest message, or the creation.
       */
      timestamp: string
      /** @enum {string} */
      status: 'open' | 'pending' | 'snoozed' | 'resolved' | 'closed'
      /** @description A customer wrote and nobody has read it. */
      unread: boolean
      /** @enum {string} */
      handled_by: 'clara' | 'human' | 'none'
      /** @description Why and when a person was asked for, while one handles the conversation. */
      handoff: {
        reason: string | null
        /** Format: date-time */
        requested_at: string
      } | null
      tags: string[]
      /** @description Your own fields. */
      metadata: {
        [key: string]: unknown
      }
      /**
       * Format: date-time
       * @description When it began.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it last changed.
       */
      updated_at: string
    }
    StartedConversation: {
      id: string
      customer_id: string | null
      customer_name: string | null
      customer_email: string | null
      customer_phone: string | null
      /** @enum {string} */
      channel: 'sms' | 'email' | 'instagram' | 'facebook' | 'whatsapp' | 'voice' | 'web'
      subject: string | null
      last_message: string | null
      /**
       * Format: date-time
       * @description The latest message, or the creation.
       */
      timestamp: string
      /** @enum {string} */
      status: 'open' | 'pending' | 'snoozed' | 'resolved' | 'closed'
      /** @description A customer wrote and nobody has read it. */
      unread: boolean
      /** @enum {string} */
      handled_by: 'clara' | 'human' | 'none'
      /** @description Why and when a person was asked for, while one handles the conversation. */
      handoff: {
        reason: string | null
        /** Format: date-time */
        requested_at: string
      } | null
      tags: string[]
      /** @description Your own fields. */
      metadata: {
        [key: string]: unknown
      }
      /**
       * Format: date-time
       * @description When it began.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it last changed.
       */
      updated_at: string
      turn?: components['schemas']['Turn'] | null
      reply?: components['schemas']['Message'] | null
    }
    ConversationWithMessages: {
      id: string
      customer_id: string | null
      customer_name: string | null
      customer_email: string | null
      customer_phone: string | null
      /** @enum {string} */
      channel: 'sms' | 'email' | 'instagram' | 'facebook' | 'whatsapp' | 'voice' | 'web'
      subject: string | null
      last_message: string | null
      /**
       * Format: date-time
       * @description The latest message, or the creation.
       */
      timestamp: string
      /** @enum {string} */
      status: 'open' | 'pending' | 'snoozed' | 'resolved' | 'closed'
      /** @description A customer wrote and nobody has read it. */
      unread: boolean
      /** @enum {string} */
      handled_by: 'clara' | 'human' | 'none'
      /** @description Why and when a person was asked for, while one handles the conversation. */
      handoff: {
        reason: string | null
        /** Format: date-time */
        requested_at: string
      } | null
      tags: string[]
      /** @description Your own fields. */
      metadata: {
        [key: string]: unknown
      }
      /**
       * Format: date-time
       * @description When it began.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it last changed.
       */
      updated_at: string
      /** @description The latest 100, in the order they were written. */
      messages: components['schemas']['Message'][]
      has_more_messages: boolean
    }
    WebhookHealth: {
      /**
       * Format: date-time
       * @description Events from then on are counted: of a day, or of the latest 1,000 deliveries.
       */
      since: string
      /** @description How many are counted. */
      deliveries: number
      succeeded: number
      /** @description Given up, or tried and not taken yet. */
      failed: number
      /** @description Not tried yet. */
      pending: number
      /** @description Of those that were tried, 0 to 1. Null when none was. */
      success_rate: number | null
      /** @description 24 spans of equal length from `since` to now, oldest first. */
      spans: {
        succeeded: number
        failed: number
      }[]
    }
    Webhook: {
      id: string
      url: string
      events: string[]
      description: string | null
      notify_email: string | null
      /** @description What is sent beside; the values are not shown. */
      header_names: string[]
      max_per_second: number | null
      /**
       * @description `paused` and `disabled` keep what comes; a disabled one is tried once an hour.
       * @enum {string}
       */
      status: 'enabled' | 'paused' | 'disabled'
      disabled: {
        /**
         * @description `failing`: for five days no attempt succeeded. `gone`: the receiver answered 410.
         * @enum {string}
         */
        reason: 'failing' | 'gone'
        /**
         * Format: date-time
         * @description When it was disabled.
         */
        at: string
      } | null
      /** @enum {string} */
      signature: 'v1' | 'v1a'
      /** @description Of `v1a`: the public key, `whpk_…`. */
      verification_key: string | null
      /**
       * Format: date-time
       * @description Until then requests are signed with the secret before, too.
       */
      old_secret_ends_at: string | null
      /**
       * Format: date-time
       * @description Since then every attempt failed.
       */
      failing_since: string | null
      /**
       * Format: date-time
       * @description The latest attempt that succeeded.
       */
      last_success_at: string | null
      /**
       * Format: date-time
       * @description The latest attempt that failed.
       */
      last_failure_at: string | null
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was changed.
       */
      updated_at: string
    }
    WatchedWebhook: {
      id: string
      url: string
      events: string[]
      description: string | null
      notify_email: string | null
      /** @description What is sent beside; the values are not shown. */
      header_names: string[]
      max_per_second: number | null
      /**
       * @description `paused` and `disabled` keep what comes; a disabled one is tried once an hour.
       * @enum {string}
       */
      status: 'enabled' | 'paused' | 'disabled'
      disabled: {
        /**
         * @description `failing`: for five days no attempt succeeded. `gone`: the receiver answered 410.
         * @enum {string}
         */
        reason: 'failing' | 'gone'
        /**
         * Format: date-time
         * @description When it was disabled.
         */
        at: string
      } | null
      /** @enum {string} */
      signature: 'v1' | 'v1a'
      /** @description Of `v1a`: the public key, `whpk_…`. */
      verification_key: string | null
      /**
       * Format: date-time
       * @description Until then requests are signed with the secret before, too.
       */
      old_secret_ends_at: string | null
      /**
       * Format: date-time
       * @description Since then every attempt failed.
       */
      failing_since: string | null
      /**
       * Format: date-time
       * @description The latest attempt that succeeded.
       */
      last_success_at: string | null
      /**
       * Format: date-time
       * @description The latest attempt that failed.
       */
      last_failure_at: string | null
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was changed.
       */
      updated_at: string
      health: components['schemas']['WebhookHealth']
    }
    SavedWebhook: {
      id: string
      url: string
      events: string[]
      description: string | null
      notify_email: string | null
      /** @description What is sent beside; the values are not shown. */
      header_names: string[]
      max_per_second: number | null
      /**
       * @description `paused` and `disabled` keep what comes; a disabled one is tried once an hour.
       * @enum {string}
       */
      status: 'enabled' | 'paused' | 'disabled'
      disabled: {
        /**
         * @description `failing`: for five days no attempt succeeded. `gone`: the receiver answered 410.
         * @enum {string}
         */
        reason: 'failing' | 'gone'
        /**
         * Format: date-time
         * @description When it was disabled.
         */
        at: string
      } | null
      /** @enum {string} */
      signature: 'v1' | 'v1a'
      /** @description Of `v1a`: the public key, `whpk_…`. */
      verification_key: string | null
      /**
       * Format: date-time
       * @description Until then requests are signed with the secret before, too.
       */
      old_secret_ends_at: string | null
      /**
       * Format: date-time
       * @description Since then every attempt failed.
       */
      failing_since: string | null
      /**
       * Format: date-time
       * @description The latest attempt that succeeded.
       */
      last_success_at: string | null
      /**
       * Format: date-time
       * @description The latest attempt that failed.
       */
      last_failure_at: string | null
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was changed.
       */
      updated_at: string
      /** @description Where the URL leads. */
      url_check?: {
        /**
         * @description `unresolved`: the name has no address now; each request looks again.
         * @enum {string}
         */
        verdict: 'allowed' | 'unresolved'
        /** @description In a sentence. */
        explanation: string
        addresses: {
          address: string
          /** @enum {string} */
          verdict: 'allowed' | 'forbidden'
        }[]
      }
    }
    CreatedWebhook: {
      id: string
      url: string
      events: string[]
      description: string | null
      notify_email: string | null
      /** @description What is sent beside; the values are not shown. */
      header_names: string[]
      max_per_second: number | null
      /**
       * @description `paused` and `disabled` keep what comes; a disabled one is tried once an hour.
       * @enum {string}
       */
      status: 'enabled' | 'paused' | 'disabled'
      disabled: {
        /**
         * @description `failing`: for five days no attempt succeeded. `gone`: the receiver answered 410.
         * @enum {string}
         */
        reason: 'failing' | 'gone'
        /**
         * Format: date-time
         * @description When it was disabled.
         */
        at: string
      } | null
      /** @enum {string} */
      signature: 'v1' | 'v1a'
      /** @description Of `v1a`: the public key, `whpk_…`. */
      verification_key: string | null
      /**
       * Format: date-time
       * @description Until then requests are signed with the secret before, too.
       */
      old_secret_ends_at: string | null
      /**
       * Format: date-time
       * @description Since then every attempt failed.
       */
      failing_since: string | null
      /**
       * Format: date-time
       * @description The latest attempt that succeeded.
       */
      last_success_at: string | null
      /**
       * Format: date-time
       * @description The latest attempt that failed.
       */
      last_failure_at: string | null
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was changed.
       */
      updated_at: string
      /** @description Where the URL leads. */
      url_check: {
        /**
         * @description `unresolved`: the name has no address now; each request looks again.
         * @enum {string}
         */
        verdict: 'allowed' | 'unresolved'
        /** @description In a sentence. */
        explanation: string
        addresses: {
          address: string
          /** @enum {string} */
          verdict: 'allowed' | 'forbidden'
        }[]
      }
      /** @description A test event is on its way: GET /v1/deliveries/{id}. */
      test_delivery_id: string
      /** @description In this answer only: `whsec_…`, or the private key `whsk_…` of `v1a`. */
      signing_secret: string
    }
    RotatedWebhook: {
      id: string
      url: string
      events: string[]
      description: string | null
      notify_email: string | null
      /** @description What is sent beside; the values are not shown. */
      header_names: string[]
      max_per_second: number | null
      /**
       * @description `paused` and `disabled` keep what comes; a disabled one is tried once an hour.
       * @enum {string}
       */
      status: 'enabled' | 'paused' | 'disabled'
      disabled: {
        /**
         * @description `failing`: for five days no attempt succeeded. `gone`: the receiver answered 410.
         * @enum {string}
         */
        reason: 'failing' | 'gone'
        /**
         * Format: date-time
         * @description When it was disabled.
         */
        at: string
      } | null
      /** @enum {string} */
      signature: 'v1' | 'v1a'
      /** @description Of `v1a`: the public key, `whpk_…`. */
      verification_key: string | null
      /**
       * Format: date-time
       * @description Until then requests are signed with the secret before, too.
       */
      old_secret_ends_at: string | null
      /**
       * Format: date-time
       * @description Since then every attempt failed.
       */
      failing_since: string | null
      /**
       * Format: date-time
       * @description The latest attempt that succeeded.
       */
      last_success_at: string | null
      /**
       * Format: date-time
       * @description The latest attempt that failed.
       */
      last_failure_at: string | null
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was changed.
       */
      updated_at: string
      /** @description In this answer only. */
      signing_secret: string
    }
    TestedWebhook: {
      /** @description GET /v1/deliveries/{id} says how it goes. */
      delivery_id: string
    }
    WebhookUrlCheck: {
      /**
       * @description `unresolved`: the name has no address now. It can be saved; each request looks again.
       * @enum {string}
       */
      verdict: 'allowed' | 'refused' | 'unresolved'
      /** @description Of what is not allowed: `malformed`, `unresolved`, `port`, or the network it leads to, e.g. `private`. */
      reason: string | null
      /** @description Where it leads and what follows, in a sentence. */
      message: string
      /** @description What to do. */
      hint: string | null
      addresses: {
        /** @description Null for what a name inside resolves to: that isn’t told. */
        address: string | null
        /** @enum {string} */
        verdict: 'allowed' | 'refused'
        /** @description `internet`, or what else the address is for, e.g. `loopback`. */
        network: string
      }[]
    }
    Delivery: {
      id: string
      webhook_id: string
      /** @description The same in each attempt: `webhook-id` of the request. */
      event_id: string
      /** @description Its name, e.g. `message.received`. */
      event: string
      /**
       * @description `pending`: to be tried, or tried again. `failed`: given up.
       * @enum {string}
       */
      status: 'pending' | 'succeeded' | 'failed'
      attempts: number
      /**
       * Format: date-time
       * @description When a pending one is due; it may have to wait for others of its conversation.
       */
      next_attempt_at: string | null
      /** @description HTTP status of the latest attempt; null without an answer. */
      last_status: number | null
      /** @description Why the latest attempt got no answer. */
      last_error: string | null
      /** @description Deliveries of one conversation follow each other. */
      conversation_id: string | null
      /**
       * Format: date-time
       * @description When the event happened.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When the latest attempt began.
       */
      last_attempt_at: string | null
    }
    DeliveryAttempt: {
      number: number
      /** @enum {string} */
      cause: 'event' | 'retry' | 'redelivery' | 'recovery' | 'probe'
      url: string
      /**
       * Format: date-time
       * @description When it began.
       */
      started_at: string
      /** @description To the end of the answer. */
      duration_ms: number
      status: number | null
      /** @description Why there was no answer. */
      error: string | null
      /** @description The address that was asked. */
      ip: string | null
      response_headers: {
        [key: string]: unknown
      } | null
      /** @description The first 16 KiB; of a success the first KiB. */
      response_body: string | null
      response_body_truncated: boolean
    }
    DeliveryWithAttempts: {
      id: string
      webhook_id: string
      /** @description The same in each attempt: `webhook-id` of the request. */
      event_id: string
      /** @description Its name, e.g. `message.received`. */
      event: string
      /**
       * @description `pending`: to be tried, or tried again. `failed`: given up.
       * @enum {string}
       */
      status: 'pending' | 'succeeded' | 'failed'
      attempts: number
      /**
       * Format: date-time
       * @description When a pending one is due; it may have to wait for others of its conversation.
       */
      next_attempt_at: string | null
      /** @description HTTP status of the latest attempt; null without an answer. */
      last_status: number | null
      /** @description Why the latest attempt got no answer. */
      last_error: string | null
      /** @description Deliveries of one conversation follow each other. */
      conversation_id: string | null
      /**
       * Format: date-time
       * @description When the event happened.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When the latest attempt began.
       */
      last_attempt_at: string | null
      /** @description The latest first, 100 at most. */
      attempt_log: components['schemas']['DeliveryAttempt'][]
    }
    WebhookRecovery: {
      id: string
      webhook_id: string
      /** @enum {string} */
      status: 'running' | 'completed' | 'cancelled'
      /**
       * Format: date-time
       * @description Begin of the range.
       */
      since: string
      /**
       * Format: date-time
       * @description End of the range.
       */
      until: string
      /** @description Events that are sent. */
      total: number
      /** @description Of those, how many were put in line. */
      queued: number
      succeeded: number
      failed: number
      /**
       * Format: date-time
       * @description When it began.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it ended.
       */
      completed_at: string | null
    }
    DeliveryExplanation: {
      /** @enum {string} */
      verdict: 'delivered' | 'waiting' | 'failed' | 'not_wanted' | 'not_sent'
      /** @description In a sentence. */
      explanation: string
      steps: {
        /** @enum {string} */
        step: 'event' | 'webhook' | 'filter' | 'line' | 'attempts' | 'outcome'
        ok: boolean
        sentence: string
      }[]
      delivery_id: string | null
    }
    RequestLog: {
      /** @description The request’s id: `X-Request-Id` of the answer, `request_id` of an error. */
      id: string
      /**
       * Format: date-time
       * @description When the request arrived, and counts in usage.
       */
      created_at: string
      method: string
      /** @description `GET /v1/contacts/{id}` */
      endpoint: string
      /** @description With its query, secrets masked; without its query for who may not read what the endpoint is about. */
      path: string
      status: number
      /**
       * @description `failed`: the status is 400 or more.
       * @enum {string}
       */
      outcome: 'succeeded' | 'failed'
      /** @description Of a failure. */
      code: string | null
      /** @description From the request’s headers to the beginning of the answer. */
      duration_ms: number
      /** @description The key, or the one that made the client token. Null for members. */
      api_key_id: string | null
      client_token_id: string | null
      /** @description Which secret of the key: `sk_test_…9fQa`. Null for client tokens and members. */
      secret_hint: string | null
      /** @description Who made it while signed in. Of theirs, writes and failures are logged. */
      member: {
        id: string
        /** @description As it was then. */
        name: string
      } | null
      ip: string
      user_agent: string
      /** @description `Idempotency-Key` of the request. */
      idempotency_key: string | null
      /** @description The answer was one that had been given before. */
      idempotent_replayed: boolean
      /** @description Size of the body that was sent, where it is known. */
      request_bytes: number | null
      /** @description Size of the body that was answered, where it is known. */
      response_bytes: number | null
    }
    RequestLogDetail: {
      /** @description The request’s id: `X-Request-Id` of the answer, `request_id` of an error. */
      id: string
      /**
       * Format: date-time
       * @description When the request arrived, and counts in usage.
       */
      created_at: string
      method: string
      /** @description `GET /v1/contacts/{id}` */
      endpoint: string
      /** @description With its query, secrets masked; without its query for who may not read what the endpoint is about. */
      path: string
      status: number
      /**
       * @description `failed`: the status is 400 or more.
       * @enum {string}
       */
      outcome: 'succeeded' | 'failed'
      /** @description Of a failure. */
      code: string | null
      /** @description From the request’s headers to the beginning of the answer. */
      duration_ms: number
      /** @description The key, or the one that made the client token. Null for members. */
      api_key_id: string | null
      client_token_id: string | null
      /** @description Which secret of the key: `sk_test_…9fQa`. Null for client tokens and members. */
      secret_hint: string | null
      /** @description Who made it while signed in. Of theirs, writes and failures are logged. */
      member: {
        id: string
        /** @description As it was then. */
        name: string
      } | null
      ip: string
      user_agent: string
      /** @description `Idempotency-Key` of the request. */
      idempotency_key: string | null
      /** @description The answer was one that had been given before. */
      idempotent_replayed: boolean
      /** @description Size of the body that was sent, where it is known. */
      request_bytes: number | null
      /** @description Size of the body that was answered, where it is known. */
      response_bytes: number | null
      /** @description Those that are kept. */
      request_headers: {
        [key: string]: string
      }
      /** @description Those that are kept. */
      response_headers: {
        [key: string]: string
      }
      /** @description The JSON as it was sent, secrets masked, 4 KiB at most. Null: there was none, it was no JSON, or it was left out. */
      request_body: string | null
      request_body_truncated: boolean
      /** @description The JSON as it was answered, secrets masked, 4 KiB at most. Null as above. */
      response_body: string | null
      response_body_truncated: boolean
      /** @description The permission that it takes to read the bodies, and the key doesn’t have. */
      bodies_withheld: string | null
    }
    /** @description Rates, times and customers’ messages are those of the latest 10,000 conversations of the range. */
    Overview: {
      /**
       * Format: date-time
       * @description Begin of the range.
       */
      since: string
      /**
       * Format: date-time
       * @description End of the range.
       */
      until: string
      time_zone: string
      /** @description Open conversations that a person handles, now. */
      needs_person: number
      /** @description Open conversations, now. */
      open: number
      /** @description Conversations that began in the range. */
      conversations: number
      /** @description Contacts made in the range. */
      new_contacts: number
      /** @description Messages that customers wrote in the range. */
      customer_messages: number
      /** @description Of the conversations that began in the range, those in which a customer asked something. */
      asked: number
      /** @description Of these, those that no person was asked for or wrote in. */
      without_person: number
      /** @description `without_person` of `asked`, between 0 and 1; null when nobody asked. */
      resolution_rate: number | null
      /** @description Of those that asked, those that were answered, by Clara or a person. */
      answered: number
      /** @description From the first question to its answer; null when none was answered. */
      median_first_response_ms: number | null
      /** @description Every day that the range touches, oldest first. */
      days: {
        /** Format: date */
        date: string
        /** @description That began on this day. */
        conversations: number
      }[]
      /** @description All 24. */
      hours: {
        hour: number
        /** @description Written in this hour of any day. */
        customer_messages: number
      }[]
    }
    Usage: {
      /**
       * Format: date-time
       * @description Begin of the range.
       */
      since: string
      /**
       * Format: date-time
       * @description End of the range.
       */
      until: string
      /** @enum {string} */
      interval: 'hour' | 'day'
      totals: {
        /** @description All of them. */
        requests: number
        succeeded: number
        /** @description 401 and 403. */
        refused: number
        /** @description 429. */
        rate_limited: number
        /** @description Other 4xx. */
        client_errors: number
        /** @description 5xx. */
        server_errors: number
      }
      /** @description Only hours or days with requests, oldest first. */
      buckets: {
        /**
         * Format: date-time
         * @description Begin of the hour or day.
         */
        start: string
        /** @description All of them. */
        requests: number
        succeeded: number
        /** @description 401 and 403. */
        refused: number
        /** @description 429. */
        rate_limited: number
        /** @description Other 4xx. */
        client_errors: number
        /** @description 5xx. */
        server_errors: number
      }[]
      /** @description Each with the requests of its client tokens, the most requests first, 1,000 at most. */
      keys: {
        api_key_id: string
        name: string
        /** @description All of them. */
        requests: number
        succeeded: number
        /** @description 401 and 403. */
        refused: number
        /** @description 429. */
        rate_limited: number
        /** @description Other 4xx. */
        client_errors: number
        /** @description 5xx. */
        server_errors: number
      }[]
      has_more_keys: boolean
    }
    Event: {
      id: string
      /** @description What happened, e.g. `message.received`. */
      event: string
      /** @description The same as `event`. */
      type: string
      /**
       * Format: date-time
       * @description When it happened.
       */
      timestamp: string
      /** @enum {string} */
      environment: 'test' | 'live'
      /** @description Grows with every event; not every number is used. */
      sequence: number
      data: {
        [key: string]: unknown
      }
    }
    LeakVerdict: {
      /** @description SHA-256 of the token, in hexadecimal. */
      token_hash: string
      /** @description `type` of the match. */
      token_type: string
      /**
       * @description `true_positive` when this installation knows the secret.
       * @enum {string}
       */
      label: 'true_positive' | 'false_positive'
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type Error = components['schemas']['Error']
export type Pagination = components['schemas']['Pagination']
export type ApiKeyMe = components['schemas']['ApiKeyMe']
export type MemberMe = components['schemas']['MemberMe']
export type Proof = components['schemas']['Proof']
export type Session = components['schemas']['Session']
export type ApiKey = components['schemas']['ApiKey']
export type CreatedApiKey = components['schemas']['CreatedApiKey']
export type ChangedApiKey = components['schemas']['ChangedApiKey']
export type RotatedApiKey = components['schemas']['RotatedApiKey']
export type KeySettings = components['schemas']['KeySettings']
export type ApiKeyClient = components['schemas']['ApiKeyClient']
export type ApiKeySecretUsage = components['schemas']['ApiKeySecretUsage']
export type ApiKeyUsage = components['schemas']['ApiKeyUsage']
export type SuggestedPermissions = components['schemas']['SuggestedPermissions']
export type ApiKeyAuditEntry = components['schemas']['ApiKeyAuditEntry']
export type Permission = components['schemas']['Permission']
export type PermissionTable = components['schemas']['PermissionTable']
export type ClientToken = components['schemas']['ClientToken']
export type Workspace = components['schemas']['Workspace']
export type Member = components['schemas']['Member']
export type Invitation = components['schemas']['Invitation']
export type CreatedInvitation = components['schemas']['CreatedInvitation']
export type InvitationPreview = components['schemas']['InvitationPreview']
export type JoinedMember = components['schemas']['JoinedMember']
export type Citation = components['schemas']['Citation']
export type AgentAnswer = components['schemas']['AgentAnswer']
export type KnowledgeSourceSummary = components['schemas']['KnowledgeSourceSummary']
export type KnowledgeSource = components['schemas']['KnowledgeSource']
export type Quote = components['schemas']['Quote']
export type Contact = components['schemas']['Contact']
export type Turn = components['schemas']['Turn']
export type Message = components['schemas']['Message']
export type SentMessage = components['schemas']['SentMessage']
export type Conversation = components['schemas']['Conversation']
export type StartedConversation = components['schemas']['StartedConversation']
export type ConversationWithMessages = components['schemas']['ConversationWithMessages']
export type WebhookHealth = components['schemas']['WebhookHealth']
export type Webhook = components['schemas']['Webhook']
export type WatchedWebhook = components['schemas']['WatchedWebhook']
export type SavedWebhook = components['schemas']['SavedWebhook']
export type CreatedWebhook = components['schemas']['CreatedWebhook']
export type RotatedWebhook = components['schemas']['RotatedWebhook']
export type TestedWebhook = components['schemas']['TestedWebhook']
export type WebhookUrlCheck = components['schemas']['WebhookUrlCheck']
export type Delivery = components['schemas']['Delivery']
export type DeliveryAttempt = components['schemas']['DeliveryAttempt']
export type DeliveryWithAttempts = components['schemas']['DeliveryWithAttempts']
export type WebhookRecovery = components['schemas']['WebhookRecovery']
export type DeliveryExplanation = components['schemas']['DeliveryExplanation']
export type RequestLog = components['schemas']['RequestLog']
export type RequestLogDetail = components['schemas']['RequestLogDetail']
export type Overview = components['schemas']['Overview']
export type Usage = components['schemas']['Usage']
export type Event = components['schemas']['Event']
export type LeakVerdict = components['schemas']['LeakVerdict']
export type $defs = Record<string, never>
export interface operations {
  getMe: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ApiKeyMe'] | components['schemas']['MemberMe']
          }
        }
      }
    }
  }
  listMySessions: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Session'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  revokeMySession: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The session’s id, `ses_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description It is gone. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              id: string
              /** @enum {boolean} */
              deleted: true
            }
          }
        }
      }
    }
  }
  revokeMyOtherSessions: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              revoked: number
            }
          }
        }
      }
    }
  }
  proveMe: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          password?: string
          /** @description What the browser made of the options of `POST /v1/me/proof/passkey_options`. */
          passkey?: {
            [key: string]: unknown
          }
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Proof']
          }
        }
      }
    }
  }
  getProofPasskeyOptions: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              [key: string]: unknown
            }
          }
        }
      }
    }
  }
  listApiKeys: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
        /** @description Keys in this state; `not_ended`: those that are neither revoked nor expired. */
        status?: 'active' | 'rotating' | 'expired' | 'revoked' | 'quarantined' | 'not_ended'
        /** @description Keys whose name contains this, in any case; or whose id it is, or the last four characters of a secret. */
        search?: string
        /** @description Keys that belong to this person. */
        owner_email?: string
        /** @description Keys with this note. */
        attention?: 'unused' | 'never_expires' | 'owner_left' | 'leaked' | 'used_in_browser'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ApiKey'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  createApiKey: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description What the key is for. */
          name: string
          /** @description `*` for everything, or a list of `resource:read` and `resource:write`; write implies read. */
          permissions?: (
            | '*'
            | 'conversations:read'
            | 'conversations:write'
            | 'contacts:read'
            | 'contacts:write'
            | 'webhooks:read'
            | 'webhooks:write'
            | 'events:read'
            | 'events:write'
            | 'knowledge:read'
            | 'knowledge:write'
            | 'agent:read'
            | 'agent:write'
            | 'api_keys:read'
            | 'api_keys:write'
            | 'usage:read'
            | 'usage:write'
            | 'members:read'
            | 'members:write'
          )[]
          /**
           * @description A set of permissions, instead of `permissions`: see GET /v1/permissions.
           * @enum {string}
           */
          preset?: 'full' | 'read_only' | 'support_bot' | 'ci'
          /**
           * Format: date-time
           * @description From then on the key is refused; in the future when it is set. Null: it doesn’t end.
           */
          expires_at?: string | null
          /** @description IPv4 and IPv6 addresses and networks (CIDR) that the key may be used from; empty: from anywhere. */
          ip_allowlist?: string[]
          /** @description Fewer requests a minute than the workspace’s plan allows; null: as many. Counted over any 60 seconds; what is beyond is answered 429. */
          rate_limit_per_minute?: number | null
          /** @description Whom the key belongs to: an app, or a person known by `email`. Every person has their own. */
          owner?: {
            /** @enum {string} */
            type: 'app' | 'person'
            /** @description What the app or the person is called. */
            name?: string | null
            /**
             * Format: email
             * @description Of a person, and needed then.
             */
            email?: string | null
          }
        }
      }
    }
    responses: {
      /** @description Made. The secret is in this answer only. */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['CreatedApiKey']
          }
        }
      }
    }
  }
  getApiKey: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ApiKey']
          }
        }
      }
    }
  }
  deleteApiKey: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The key is refused from now on. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ChangedApiKey']
          }
        }
      }
    }
  }
  updateApiKey: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description What the key is for. */
          name?: string
          /** @description `*` for everything, or a list of `resource:read` and `resource:write`; write implies read. */
          permissions?: (
            | '*'
            | 'conversations:read'
            | 'conversations:write'
            | 'contacts:read'
            | 'contacts:write'
            | 'webhooks:read'
            | 'webhooks:write'
            | 'events:read'
            | 'events:write'
            | 'knowledge:read'
            | 'knowledge:write'
            | 'agent:read'
            | 'agent:write'
            | 'api_keys:read'
            | 'api_keys:write'
            | 'usage:read'
            | 'usage:write'
            | 'members:read'
            | 'members:write'
          )[]
          /**
           * @description A set of permissions, instead of `permissions`: see GET /v1/permissions.
           * @enum {string}
           */
          preset?: 'full' | 'read_only' | 'support_bot' | 'ci'
          /**
           * Format: date-time
           * @description From then on the key is refused; in the future when it is set. Null: it doesn’t end.
           */
          expires_at?: string | null
          /** @description IPv4 and IPv6 addresses and networks (CIDR) that the key may be used from; empty: from anywhere. */
          ip_allowlist?: string[]
          /** @description Fewer requests a minute than the workspace’s plan allows; null: as many. Counted over any 60 seconds; what is beyond is answered 429. */
          rate_limit_per_minute?: number | null
          /** @description Whom the key belongs to: an app, or a person known by `email`. Every person has their own. */
          owner?: {
            /** @enum {string} */
            type: 'app' | 'person'
            /** @description What the app or the person is called. */
            name?: string | null
            /**
             * Format: email
             * @description Of a person, and needed then.
             */
            email?: string | null
          }
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ApiKey']
          }
        }
      }
    }
  }
  revokeApiKey: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The key is refused from now on. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ChangedApiKey']
          }
        }
      }
    }
  }
  rotateApiKey: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': {
          /**
           * @description How long the old secret works on: up to 7 days; 0 ends it at once.
           * @default 900
           */
          overlap_seconds?: number
        } | null
      }
    }
    responses: {
      /** @description The new secret is in this answer only. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['RotatedApiKey']
          }
        }
      }
    }
  }
  finishApiKeyRotation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description Every server knows. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ChangedApiKey']
          }
        }
      }
    }
  }
  cancelApiKeyRotation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description Every server knows. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ChangedApiKey']
          }
        }
      }
    }
  }
  quarantineApiKey: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': {
          /**
           * @description Why, in your words: it is shown with the key and kept in its history.
           * @default suspected
           */
          reason?: string
        } | null
      }
    }
    responses: {
      /** @description Every server knows. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ChangedApiKey']
          }
        }
      }
    }
  }
  releaseApiKey: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description Every server knows. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ChangedApiKey']
          }
        }
      }
    }
  }
  getApiKeySettings: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['KeySettings']
          }
        }
      }
    }
  }
  updateApiKeySettings: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          leak_response: 'quarantine' | 'revoke'
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['KeySettings']
          }
        }
      }
    }
  }
  getApiKeyUsage: {
    parameters: {
      query?: {
        /** @description Begin of the range; by default a day (hours) or 30 days (days) before its end. */
        since?: string
        /** @description End of the range; by default now. */
        until?: string
        /** @description Days are UTC days. */
        interval?: 'hour' | 'day'
      }
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ApiKeyUsage']
          }
        }
      }
    }
  }
  suggestApiKeyPermissions: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['SuggestedPermissions']
          }
        }
      }
    }
  }
  listApiKeyAudit: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ApiKeyAuditEntry'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  listAuditOfApiKey: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
      }
      header?: never
      path: {
        /** @description The key’s id, `key_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ApiKeyAuditEntry'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  listPermissions: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['PermissionTable']
          }
        }
      }
    }
  }
  createClientToken: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description The page acts for this contact: it starts, lists, reads and writes their conversations. */
          contact_id?: string
          /** @description The page reads and writes this conversation alone. */
          conversation_id?: string
        }
      }
    }
    responses: {
      /** @description Made. The token is in this answer only. */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ClientToken']
          }
        }
      }
    }
  }
  listWorkspaces: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Workspace'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  createWorkspace: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description What it is called. */
          name: string
        }
      }
    }
    responses: {
      /** @description Made. */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Workspace']
          }
        }
      }
    }
  }
  getWorkspace: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The workspace’s id, `ws_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Workspace']
          }
        }
      }
    }
  }
  deleteWorkspace: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The workspace’s id, `ws_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description The workspace’s name: it confirms that it is this one. */
          name: string
        }
      }
    }
    responses: {
      /** @description It is gone. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              id: string
              /** @enum {boolean} */
              deleted: true
            }
          }
        }
      }
    }
  }
  updateWorkspace: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The workspace’s id, `ws_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description What it is called. */
          name: string
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Workspace']
          }
        }
      }
    }
  }
  listMembers: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Member'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  deleteMember: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The member’s id, `mem_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description It is gone. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              id: string
              /** @enum {boolean} */
              deleted: true
            }
          }
        }
      }
    }
  }
  updateMember: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The member’s id, `mem_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description `owner`, `admin`, `agent` or `viewer`: those who may do the most first.
           * @enum {string}
           */
          role: 'owner' | 'admin' | 'agent' | 'viewer'
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Member']
          }
        }
      }
    }
  }
  listInvitations: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Invitation'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  createInvitation: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /**
           * Format: email
           * @description Whom to invite.
           */
          email: string
          /**
           * @description `owner`, `admin`, `agent` or `viewer`: those who may do the most first.
           * @enum {string}
           */
          role: 'owner' | 'admin' | 'agent' | 'viewer'
        }
      }
    }
    responses: {
      /** @description Made. The link is in this answer only. */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['CreatedInvitation']
          }
        }
      }
    }
  }
  resendInvitation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The invitation’s id, `inv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The new link is in this answer only. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['CreatedInvitation']
          }
        }
      }
    }
  }
  deleteInvitation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The invitation’s id, `inv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description It is gone. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              id: string
              /** @enum {boolean} */
              deleted: true
            }
          }
        }
      }
    }
  }
  lookUpInvitation: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description What follows the `#` of the invitation’s link. */
          token: string
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['InvitationPreview']
          }
        }
      }
    }
  }
  acceptInvitation: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description What follows the `#` of the invitation’s link. */
          token: string
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['JoinedMember']
          }
        }
      }
    }
  }
  askAgent: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          question: string
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['AgentAnswer']
          }
        }
      }
    }
  }
  listKnowledgeSources: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['KnowledgeSourceSummary'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  createKnowledgeSource: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          type: 'text' | 'markdown' | 'faq'
          /** @description What the source is called; of an faq, the question. */
          title: string
          /** @description The text that Clara answers from; of an faq, the answer. */
          content: string
          /**
           * Format: uri
           * @description Where the text is from; a label, never fetched.
           */
          url?: string | null
          /** @description Other wordings of an faq’s question. */
          alternate_questions?: string[]
        }
      }
    }
    responses: {
      /** @description Added. */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['KnowledgeSource']
          }
        }
      }
    }
  }
  getKnowledgeSource: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The source’s id, `src_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['KnowledgeSource']
          }
        }
      }
    }
  }
  deleteKnowledgeSource: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The source’s id, `src_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description It is gone. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              id: string
              /** @enum {boolean} */
              deleted: true
            }
          }
        }
      }
    }
  }
  updateKnowledgeSource: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The source’s id, `src_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description What the source is called; of an faq, the question. */
          title?: string
          /** @description The text that Clara answers from; of an faq, the answer. */
          content?: string
          /**
           * Format: uri
           * @description Where the text is from; a label, never fetched.
           */
          url?: string | null
          /** @description Other wordings of an faq’s question. */
          alternate_questions?: string[]
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['KnowledgeSource']
          }
        }
      }
    }
  }
  searchKnowledge: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          query: string
          /** @default 10 */
          limit?: number
        }
      }
    }
    responses: {
      /** @description The best quotes first. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Quote'][]
          }
        }
      }
    }
  }
  listContacts: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
        /** @description Only contacts whose name, e-mail or phone contains it, whatever its case. */
        search?: string
        /** @description Only contacts with this tag. */
        tag?: string
        /** @description Newest first by creation or by last change, or by name from A to Z. */
        sort?: 'created' | 'updated' | 'name'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Contact'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  createContact: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description What the contact is called. */
          name: string
          /** @description The first of `emails`; null for none. */
          email?: string | null
          /** @description The first of `phones`; null for none. Any way of writing it; without + it is a number of the default country. */
          phone?: string | null
          /** @description All e-mail addresses. With `email`, that one is put first. */
          emails?: string[]
          /** @description All phone numbers. With `phone`, that one is put first. */
          phones?: string[]
          /** @description All tags. An update replaces them. */
          tags?: string[]
          /** @description Up to 50 fields of your own, 16 KiB as JSON. An update merges them; null removes one. */
          custom_fields?: {
            [key: string]: unknown
          }
        }
      }
    }
    responses: {
      /** @description Made. */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Contact']
          }
        }
      }
    }
  }
  searchContacts: {
    parameters: {
      query: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
        /** @description Part of a name, an e-mail address or a phone number. */
        q: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Contact'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  getContact: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The contact’s id, `cust_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Contact']
          }
        }
      }
    }
  }
  deleteContact: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The contact’s id, `cust_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description It is gone. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              id: string
              /** @enum {boolean} */
              deleted: true
            }
          }
        }
      }
    }
  }
  updateContact: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The contact’s id, `cust_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description What the contact is called. */
          name?: string
          /** @description The first of `emails`; null for none. */
          email?: string | null
          /** @description The first of `phones`; null for none. Any way of writing it; without + it is a number of the default country. */
          phone?: string | null
          /** @description All e-mail addresses. With `email`, that one is put first. */
          emails?: string[]
          /** @description All phone numbers. With `phone`, that one is put first. */
          phones?: string[]
          /** @description All tags. An update replaces them. */
          tags?: string[]
          /** @description Up to 50 fields of your own, 16 KiB as JSON. An update merges them; null removes one. */
          custom_fields?: {
            [key: string]: unknown
          }
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Contact']
          }
        }
      }
    }
  }
  listConversations: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
        channel?: 'sms' | 'email' | 'instagram' | 'facebook' | 'whatsapp' | 'voice' | 'web'
        status?: 'open' | 'pending' | 'snoozed' | 'resolved' | 'closed'
        customer_id?: string
        handled_by?: 'clara' | 'human' | 'none'
        tag?: string
        /** @description Only conversations that changed after it. */
        updated_after?: string
        /** @description Newest first by creation or by last change. */
        sort?: 'created' | 'updated'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Conversation'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  createConversation: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          channel: 'sms' | 'email' | 'instagram' | 'facebook' | 'whatsapp' | 'voice' | 'web'
          /** @description Needed for sms and voice. */
          customer_phone?: string
          /** @description Needed for email. */
          customer_email?: string
          /** @description A known contact, instead of phone and e-mail. */
          customer_id?: string
          customer_name?: string
          subject?: string
          /** @description The text of the message. */
          message?: string
          /**
           * @description Who wrote `message`. Left out: the assistant, or the customer with a client token, which can send nothing else.
           * @enum {string}
           */
          sender?: 'customer' | 'assistant' | 'human'
          tags?: string[]
          /** @description Up to 50 fields of your own, 16 KiB as JSON. An update merges them; null removes one. */
          metadata?: {
            [key: string]: unknown
          }
          /**
           * @description How Clara answers a customer’s message: `async` later, as a message and an event; `wait` in this answer (up to 60 s, then 202 and later); `none` not at all.
           * @default async
           * @enum {string}
           */
          reply?: 'async' | 'wait' | 'none'
        }
      }
    }
    responses: {
      /** @description Started. */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['StartedConversation']
          }
        }
      }
      /** @description Started; Clara’s reply takes longer and comes as a message. */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['StartedConversation']
          }
        }
      }
    }
  }
  listContactConversations: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
      }
      header?: never
      path: {
        /** @description The contact’s id, `cust_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Conversation'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  getConversation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['ConversationWithMessages']
          }
        }
      }
    }
  }
  deleteConversation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description It is gone. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              id: string
              /** @enum {boolean} */
              deleted: true
            }
          }
        }
      }
    }
  }
  updateConversation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          status?: 'open' | 'pending' | 'resolved' | 'closed'
          customer_name?: string
          /** @description Tags to add. */
          tags?: string[]
          /** @description Tags to remove. */
          remove_tags?: string[]
          subject?: string | null
          /** @description Up to 50 fields of your own, 16 KiB as JSON. An update merges them; null removes one. */
          metadata?: {
            [key: string]: unknown
          }
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Conversation']
          }
        }
      }
    }
  }
  listMessages: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
        /** @description Newest first, or in the order they were written. */
        order?: 'desc' | 'asc'
      }
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Message'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  sendMessage: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description The text of the message. */
          content: string
          /**
           * @description Who wrote it. Left out: the assistant, or the customer with a client token, which can send nothing else.
           * @enum {string}
           */
          sender?: 'customer' | 'assistant' | 'human'
          /**
           * @description `internal` is a note for the team.
           * @default public
           * @enum {string}
           */
          visibility?: 'public' | 'internal'
          /** @description Up to 50 fields of your own, 16 KiB as JSON. An update merges them; null removes one. */
          metadata?: {
            [key: string]: unknown
          }
          /**
           * @description How Clara answers a customer’s message: `async` later, as a message and an event; `wait` in this answer (up to 60 s, then 202 and later); `none` not at all.
           * @default async
           * @enum {string}
           */
          reply?: 'async' | 'wait' | 'none'
        }
      }
    }
    responses: {
      /** @description Sent. */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['SentMessage']
          }
        }
      }
      /** @description Sent; Clara’s reply takes longer and comes as a message. */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['SentMessage']
          }
        }
      }
    }
  }
  closeConversation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Conversation']
          }
        }
      }
    }
  }
  resolveConversation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Conversation']
          }
        }
      }
    }
  }
  reopenConversation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Conversation']
          }
        }
      }
    }
  }
  handOffConversation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': {
          /** @description Why a person is needed. */
          reason?: string
        } | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Conversation']
          }
        }
      }
    }
  }
  returnConversationToClara: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Conversation']
          }
        }
      }
    }
  }
  readConversation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The conversation’s id, `conv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Conversation']
          }
        }
      }
    }
  }
  listWebhooks: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['WatchedWebhook'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  createWebhook: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description http or https. Where it leads is judged now and at each request; redirects are not followed. */
          url: string
          /** @description Names of events, or `*` for all there are and will be. */
          events: (
            | 'conversation.created'
            | 'conversation.updated'
            | 'conversation.closed'
            | 'message.received'
            | 'conversation.handoff_requested'
            | 'conversation.reopened'
            | 'conversation.resolved'
            | 'conversation.deleted'
            | 'message.sent'
            | 'contact.created'
            | 'contact.updated'
            | 'contact.deleted'
            | 'api_key.created'
            | 'api_key.updated'
            | 'api_key.rotated'
            | 'api_key.rotation_finished'
            | 'api_key.rotation_cancelled'
            | 'api_key.expiring'
            | 'api_key.expired'
            | 'api_key.leaked'
            | 'api_key.quarantined'
            | 'api_key.released'
            | 'api_key.refused_in_browser'
            | 'api_key.revoked'
            | 'webhook.disabled'
            | 'webhook.recovered'
            | '*'
          )[]
          /** @description For people. */
          description?: string | null
          /**
           * Format: email
           * @description Who is told when the webhook is disabled; null: who runs the server.
           */
          notify_email?: string | null
          /** @description Sent with each request, such as an Authorization that your receiver asks for. At most 20. */
          headers?: {
            [key: string]: string
          }
          /** @description Requests a second at most; null: as many as the receiver takes. */
          max_per_second?: number | null
          /**
           * @description How requests are signed (Standard Webhooks): `v1`, HMAC with a secret that both know, unless told; `v1a`, ed25519 with a public key.
           * @enum {string}
           */
          signature?: 'v1' | 'v1a'
        }
      }
    }
    responses: {
      /** @description Made. The secret is in this answer only. */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['CreatedWebhook']
          }
        }
      }
    }
  }
  getWebhook: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The webhook’s id, `we_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['WatchedWebhook']
          }
        }
      }
    }
  }
  deleteWebhook: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The webhook’s id, `we_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description It is gone. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              id: string
              /** @enum {boolean} */
              deleted: true
            }
          }
        }
      }
    }
  }
  updateWebhook: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The webhook’s id, `we_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description http or https. Where it leads is judged now and at each request; redirects are not followed. */
          url?: string
          /** @description Names of events, or `*` for all there are and will be. */
          events?: (
            | 'conversation.created'
            | 'conversation.updated'
            | 'conversation.closed'
            | 'message.received'
            | 'conversation.handoff_requested'
            | 'conversation.reopened'
            | 'conversation.resolved'
            | 'conversation.deleted'
            | 'message.sent'
            | 'contact.created'
            | 'contact.updated'
            | 'contact.deleted'
            | 'api_key.created'
            | 'api_key.updated'
            | 'api_key.rotated'
            | 'api_key.rotation_finished'
            | 'api_key.rotation_cancelled'
            | 'api_key.expiring'
            | 'api_key.expired'
            | 'api_key.leaked'
            | 'api_key.quarantined'
            | 'api_key.released'
            | 'api_key.refused_in_browser'
            | 'api_key.revoked'
            | 'webhook.disabled'
            | 'webhook.recovered'
            | '*'
          )[]
          /** @description For people. */
          description?: string | null
          /**
           * Format: email
           * @description Who is told when the webhook is disabled; null: who runs the server.
           */
          notify_email?: string | null
          /** @description Sent with each request, such as an Authorization that your receiver asks for. At most 20. */
          headers?: {
            [key: string]: string
          }
          /** @description Requests a second at most; null: as many as the receiver takes. */
          max_per_second?: number | null
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['SavedWebhook']
          }
        }
      }
    }
  }
  testWebhook: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The webhook’s id, `we_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description On its way. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['TestedWebhook']
          }
        }
      }
    }
  }
  rotateWebhookSecret: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The webhook’s id, `we_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': {
          /**
           * @description For so long requests are signed with both secrets.
           * @default 86400
           */
          overlap_seconds?: number
        } | null
      }
    }
    responses: {
      /** @description The new secret is in this answer only. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['RotatedWebhook']
          }
        }
      }
    }
  }
  pauseWebhook: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The webhook’s id, `we_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Webhook']
          }
        }
      }
    }
  }
  resumeWebhook: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The webhook’s id, `we_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Webhook']
          }
        }
      }
    }
  }
  checkWebhookUrl: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description As it would be given for a webhook, finished or not. */
          url: string
        }
      }
    }
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['WebhookUrlCheck']
          }
        }
      }
    }
  }
  listDeliveries: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
        status?: 'pending' | 'succeeded' | 'failed'
        /** @description Only of this event. */
        event?:
          | 'conversation.created'
          | 'conversation.updated'
          | 'conversation.closed'
          | 'message.received'
          | 'conversation.handoff_requested'
          | 'conversation.reopened'
          | 'conversation.resolved'
          | 'conversation.deleted'
          | 'message.sent'
          | 'contact.created'
          | 'contact.updated'
          | 'contact.deleted'
          | 'api_key.created'
          | 'api_key.updated'
          | 'api_key.rotated'
          | 'api_key.rotation_finished'
          | 'api_key.rotation_cancelled'
          | 'api_key.expiring'
          | 'api_key.expired'
          | 'api_key.leaked'
          | 'api_key.quarantined'
          | 'api_key.released'
          | 'api_key.refused_in_browser'
          | 'api_key.revoked'
          | 'webhook.test'
          | 'webhook.disabled'
          | 'webhook.recovered'
        /** @description Only of events of this conversation. */
        conversation_id?: string
        /** @description Only of events from then on. */
        since?: string
        /** @description Only of events before. */
        until?: string
      }
      header?: never
      path: {
        /** @description The webhook’s id, `we_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Delivery'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  getDelivery: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The delivery’s id, `dlv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['DeliveryWithAttempts']
          }
        }
      }
    }
  }
  redeliver: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The delivery’s id, `dlv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': Record<string, never> | null
      }
    }
    responses: {
      /** @description In line. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Delivery']
          }
        }
      }
    }
  }
  recoverWebhook: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The webhook’s id, `we_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /**
           * Format: date-time
           * @description Events from then on, at most 30 days ago.
           */
          since: string
          /**
           * Format: date-time
           * @description Events before; by default now.
           */
          until?: string
          /**
           * @description `failed`: what was given up. `missing`: what the webhook would be told of now and was never sent. `all`: both, and what succeeded.
           * @default failed
           * @enum {string}
           */
          status?: 'failed' | 'missing' | 'all'
        }
      }
    }
    responses: {
      /** @description Begun: GET /v1/recoveries/{id} says how far it is. */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['WebhookRecovery']
          }
        }
      }
    }
  }
  getRecovery: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The recovery’s id, `rec_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['WebhookRecovery']
          }
        }
      }
    }
  }
  explainDelivery: {
    parameters: {
      query: {
        /** @description Of which webhook: `we_…`. */
        webhook_id: string
      }
      header?: never
      path: {
        /** @description The delivery’s id, `dlv_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['DeliveryExplanation']
          }
        }
      }
    }
  }
  listRequestLogs: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
        /** @description A status, `404`, or a class of them, `4xx`. */
        status?: string
        /** @description Whether the status is below 400. */
        outcome?: 'succeeded' | 'failed'
        /** @description The code of an error. */
        code?: string
        method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
        /** @description Method and path: `GET /v1/contacts/{id}`. */
        endpoint?: string
        /** @description A part of the path, without its query: an id of what was asked for, say. */
        path?: string
        api_key_id?: string
        /** @description Requests from then on. */
        since?: string
        /** @description Requests before then. */
        until?: string
        idempotency_key?: string
        ip?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['RequestLog'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  getRequestLog: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The request’s id, `req_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['RequestLogDetail']
          }
        }
      }
    }
  }
  getOverview: {
    parameters: {
      query?: {
        /** @description Begin of the range; by default 7 days before its end, at most 31. */
        since?: string
        /** @description End of the range; by default now. */
        until?: string
        /** @description Whose days and hours these are, such as Europe/Berlin; by default UTC. */
        time_zone?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Overview']
          }
        }
      }
    }
  }
  getUsage: {
    parameters: {
      query?: {
        /** @description Begin of the range; by default a day (hours) or 30 days (days) before its end. */
        since?: string
        /** @description End of the range; by default now. */
        until?: string
        /** @description Days are UTC days. */
        interval?: 'hour' | 'day'
        /** @description Only requests of this key. */
        api_key_id?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Usage']
          }
        }
      }
    }
  }
  streamEvents: {
    parameters: {
      query?: {
        /** @description Only events of this conversation. */
        conversation_id?: string
        /** @description Only events of these types: names with commas between them. */
        types?: string
        /** @description As the header `Last-Event-ID`, for clients that can’t set it; the header comes first. */
        last_event_id?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Until one side ends it. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/event-stream': string
        }
      }
    }
  }
  listEvents: {
    parameters: {
      query?: {
        /** @description Entries on a page. */
        limit?: number
        /** @description Entries to skip; use `cursor` to go deeper. */
        offset?: number
        /** @description `next_cursor` of the previous page. */
        cursor?: string
        /** @description Only events of this type. */
        type?:
          | 'conversation.created'
          | 'conversation.updated'
          | 'conversation.closed'
          | 'message.received'
          | 'conversation.handoff_requested'
          | 'conversation.reopened'
          | 'conversation.resolved'
          | 'conversation.deleted'
          | 'message.sent'
          | 'contact.created'
          | 'contact.updated'
          | 'contact.deleted'
          | 'api_key.created'
          | 'api_key.updated'
          | 'api_key.rotated'
          | 'api_key.rotation_finished'
          | 'api_key.rotation_cancelled'
          | 'api_key.expiring'
          | 'api_key.expired'
          | 'api_key.leaked'
          | 'api_key.quarantined'
          | 'api_key.released'
          | 'api_key.refused_in_browser'
          | 'api_key.revoked'
          | 'webhook.test'
          | 'webhook.disabled'
          | 'webhook.recovered'
        /** @description Only events of these types: names with commas between them. */
        types?: string
        /** @description Only events of this conversation. */
        conversation_id?: string
        /** @description Only events after this one: with `order=asc`, the way to go on after the last event seen. */
        after_sequence?: number
        /** @description Newest first, or in the order they happened. */
        order?: 'desc' | 'asc'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Event'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  getEvent: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The event’s id, `evt_…`. */
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The call succeeded. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: components['schemas']['Event']
          }
        }
      }
    }
  }
  reportLeaks: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json':
          | {
              /** @description The secret, as it was found. */
              secret: string
              /** @description Where it was found. */
              url?: string
              /** @description What kind of place that is: a chat, a paste, a log. */
              source?: string
            }
          | {
              /** @description What was found. */
              token: string
              /** @description The name of the pattern that found it. */
              type: string
              /** @description Where it was found; may be empty. */
              url?: string | null
              /** @description What kind of place that is. */
              source?: string | null
            }[]
      }
    }
    responses: {
      /** @description For a list: a verdict on each match, in order. */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['LeakVerdict'][]
        }
      }
      /** @description The report is handled. The answer is the same whatever the secret is. */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {boolean} */
            success: true
            data: {
              /** @enum {boolean} */
              received: true
            }
          }
        }
      }
    }
  }
}
