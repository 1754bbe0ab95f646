/** The import table of the architecture, as rules. `npm run check` enforces it. */
const feature = '^packages/server/src/features/([^/]+)/'
/** Also in the folders of a feature's sub-nouns. */
const inFeature = (files) => [`${feature}${files}`, `${feature}[^/]+/${files}`]
const src = (path) => `^packages/server/src/${path}`

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-app-wires',
      comment:
        'main and admin know configuration and the app; what is inside is wired in parts.ts and api.ts.',
      severity: 'error',
      from: { path: src('main\\.ts$') },
      to: { path: '^packages/server/src/(features|events|http)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'mechanics-know-no-feature',
      severity: 'error',
      from: { path: '^packages/server/src/(http|db|events|lib)/' },
      to: { path: '^packages/server/src/(features/|(app|parts|api)\\.ts|main\\.ts|admin\\.ts)' },
    },
    {
      name: 'lib-knows-only-lib',
      severity: 'error',
      from: { path: src('lib/') },
      to: { path: '^packages/server/src/', pathNot: src('lib/') },
    },
    {
      name: 'routes-have-no-sql',
      severity: 'error',
      from: { path: inFeature('[a-z-]*routes\\.ts$'), pathNot: src('features/events/') },
      to: {
        path: ['^packages/server/src/db/', '/store\\.ts$', '-store\\.ts$', '^node_modules/(kysely|pg)/'],
      },
    },
    {
      name: 'services-have-no-http',
      severity: 'error',
      from: {
        path: inFeature(
          '(service|[^/]*-runner|authenticator|editor|rotation|incidents|ownership|settings|upkeep|[^/]*store)\\.ts$',
        ),
      },
      to: { path: ['^packages/server/src/http/', '^node_modules/fastify/'] },
    },
    {
      name: 'features-meet-by-type-only',
      comment: 'Instances of other features arrive as arguments, from parts.ts.',
      severity: 'error',
      from: { path: feature, pathNot: ['\\.test\\.ts$', '/testing/'] },
      to: {
        path: '^packages/server/src/features/',
        pathNot: '^packages/server/src/features/$1/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'stores-write-sql-only',
      severity: 'error',
      from: { path: inFeature('[a-z-]*store\\.ts$') },
      to: { path: ['^packages/server/src/events/', '/service\\.ts$'] },
    },
    {
      name: 'pure-files-stay-pure',
      comment: 'Decisions without SQL, HTTP or a clock: they can be shown by tables and properties.',
      severity: 'error',
      from: {
        path: inFeature(
          '(secret|state|steering|answer|passages|terms|knowledge-index|addresses|rules|status|expiry|audit|cockpit|suggestions|validity|client-token|reach|customer-input|redaction|policies|sliding-log|instants|lanes|pacing|retries|explain|filter|notice|address-rules|url-rules|header-rules|figures|failures|passkey-flags|invitation-mail)\\.ts$',
        ),
      },
      to: {
        path: [
          '^packages/server/src/(http|events)/',
          '^packages/server/src/db/(?!tables/)',
          '^node_modules/(kysely|pg|fastify)/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'product-code-imports-no-test-code',
      severity: 'error',
      from: { path: '^packages/', pathNot: ['\\.test\\.ts$', '/testing/'] },
      to: { path: ['\\.test\\.ts$', '/testing/'] },
    },
    {
      name: 'key-format-knows-nothing',
      comment: 'It runs in browsers, too.',
      severity: 'error',
      from: { path: '^packages/key-format/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/key-format/src/' },
    },
    {
      name: 'webhook-signature-knows-nothing',
      comment: 'Receivers use it, too: nothing but Node.',
      severity: 'error',
      from: { path: '^packages/webhook-signature/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/webhook-signature/src/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'sdk-knows-nothing',
      comment: 'It runs in browsers, too, and brings nothing along.',
      severity: 'error',
      from: { path: '^packages/sdk/', pathNot: ['\\.test\\.ts$', '/testing/'] },
      to: { pathNot: '^packages/sdk/src/' },
    },
    {
      name: 'cli-is-a-client',
      comment: 'Of the workspaces it knows only those that are published.',
      severity: 'error',
      from: { path: '^packages/cli/' },
      to: { path: '^packages/', pathNot: '^packages/(cli|key-format|webhook-signature|sdk)/' },
    },
    {
      name: 'dashboard-is-a-client',
      comment: 'We are our first customer: of the workspaces it knows the SDK alone.',
      severity: 'error',
      from: { path: '^packages/dashboard/' },
      to: { path: '^packages/', pathNot: '^packages/(dashboard|sdk)/' },
    },
    {
      name: 'docs-site-knows-the-documents-alone',
      severity: 'error',
      from: { path: '^packages/docs-site/' },
      to: { path: '^packages/', pathNot: '^packages/docs-site/' },
    },
    {
      name: 'resolvable',
      comment: 'Modules that a plugin of the bundler writes have no file.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/dist/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
