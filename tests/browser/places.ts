/** Every page, and what opens over pages: how one gets there. */
import type { Locator, Page } from 'playwright-core'
import type { Business } from './seed.ts'

export interface Place {
  readonly name: string
  readonly path: string
  /** What is done there; it ends when the result is in sight. */
  readonly open?: (page: Page) => Promise<unknown>
  /** Where the rail is behind a button. */
  readonly isNarrowOnly?: true
}

const button = (within: Page | Locator, name: string | RegExp) =>
  within.getByRole('button', { name }).filter({ visible: true }).first()
const dialog = (page: Page) => page.getByRole('dialog').filter({ visible: true }).first()

/** Presses a button, and waits for the dialog that it opens. */
const pressed = (name: string | RegExp) => async (page: Page) => {
  await button(page, name).click()
  await dialog(page).waitFor()
}
const chosen = (menu: string | RegExp, item: string | RegExp) => async (page: Page) => {
  await button(page, menu).click()
  await page.getByRole('menuitem', { name: item }).click()
  await dialog(page).waitFor()
}

/** Before anybody is signed in. */
export const outside = (invitationUrl: string): readonly Place[] => [
  { name: 'sign-in', path: '/sign-in' },
  { name: 'sign-up', path: '/sign-up' },
  { name: 'forgot-password', path: '/forgot-password' },
  { name: 'reset-password', path: '/reset-password?token=0123456789abcdef01234567' },
  { name: 'two-factor', path: '/two-factor' },
  { name: 'invite', path: invitationUrl },
]

export const inside = ({ ids }: Business): readonly Place[] => [
  { name: 'home', path: '/' },
  { name: 'welcome', path: '/welcome' },
  { name: 'create-workspace', path: '/create-workspace' },
  { name: 'conversations', path: '/conversations' },
  { name: 'conversation', path: `/conversations/${ids.conversation}` },
  { name: 'contacts', path: '/contacts' },
  { name: 'contact', path: `/contacts/${ids.contact}` },
  { name: 'workspace', path: '/settings/workspace' },
  { name: 'members', path: '/settings/members' },
  { name: 'profile', path: '/settings/profile' },
  { name: 'security', path: '/settings/security' },
  { name: 'api-keys', path: '/settings/advanced/api-keys' },
  { name: 'api-key', path: `/settings/advanced/api-keys/${ids.key}` },
  { name: 'api-key-rotating', path: `/settings/advanced/api-keys/${ids.rotatingKey}` },
  { name: 'webhooks', path: '/settings/advanced/webhooks' },
  { name: 'webhook', path: `/settings/advanced/webhooks/${ids.webhook}` },
  { name: 'logs', path: '/settings/advanced/logs' },
  { name: 'events', path: '/settings/advanced/events' },
  { name: 'event', path: `/settings/advanced/events/${ids.event}` },
  { name: 'usage', path: '/settings/advanced/usage' },
  { name: 'not-found', path: '/nowhere' },
]

/** Dialogs, panels and menus. */
export const over = ({ ids }: Business): readonly Place[] => {
  const key = `/settings/advanced/api-keys/${ids.key}`
  const webhook = `/settings/advanced/webhooks/${ids.webhook}`
  return [
    {
      name: 'create-key',
      path: '/settings/advanced/api-keys',
      open: pressed('Create New Key'),
    },
    {
      name: 'secret',
      path: '/settings/advanced/api-keys?create=true',
      open: async (page) => {
        await dialog(page).getByRole('textbox', { name: 'Name' }).fill('Appointment reminders')
        await button(dialog(page), 'Create key').click()
        await page.getByRole('dialog', { name: /is ready/ }).waitFor()
      },
    },
    { name: 'rotate-key', path: key, open: pressed('Rotate') },
    { name: 'revoke-key', path: key, open: pressed('Revoke') },
    { name: 'edit-key', path: key, open: pressed('Edit') },
    { name: 'quarantine-key', path: key, open: chosen('More actions', /Quarantine/) },
    {
      name: 'create-webhook',
      path: '/settings/advanced/webhooks?create=true',
      open: (page) => dialog(page).waitFor(),
    },
    { name: 'explain', path: `${webhook}?why=`, open: (page) => dialog(page).waitFor() },
    {
      name: 'delivery',
      path: webhook,
      open: async (page) => {
        const rows = page.getByRole('table', { name: 'Deliveries' }).getByRole('row')
        await rows.getByRole('link').or(rows.getByRole('button')).first().click()
        await dialog(page).waitFor()
      },
    },
    {
      name: 'log',
      path: '/settings/advanced/logs?status=4xx',
      open: async (page) => {
        await page
          .getByRole('link', { name: /\/conversations/ })
          .first()
          .click()
        await dialog(page).waitFor()
      },
    },
    { name: 'contact-form', path: '/contacts?create=true', open: (page) => dialog(page).waitFor() },
    { name: 'invite-form', path: '/settings/members?create=true', open: (page) => dialog(page).waitFor() },
    { name: 'delete-workspace', path: '/settings/workspace', open: pressed(/Delete/) },
    { name: 'change-password', path: '/settings/security', open: pressed(/Change/) },
    {
      name: 'palette',
      path: '/contacts',
      open: async (page) => {
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.keyboard.press('ControlOrMeta+k')
        await dialog(page).getByRole('combobox').waitFor()
      },
    },
    {
      name: 'shortcuts',
      path: '/contacts',
      open: async (page) => {
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.keyboard.press('?')
        await dialog(page).waitFor()
      },
    },
    { name: 'menu', path: '/settings/profile', open: pressed('Open the menu'), isNarrowOnly: true },
  ]
}

/** One of each kind; the others are made of the same. */
export const documentation: readonly Place[] = [
  '/docs',
  '/docs/quickstart',
  '/docs/api-keys',
  '/docs/webhooks',
  '/docs/errors',
  '/docs/errors/rate_limited',
  '/docs/api',
  '/docs/api/me',
  '/docs/nowhere',
].map(documentationPlace)

export function documentationPlace(path: string): Place {
  return { name: path.slice(1).replaceAll('/', '-'), path }
}
