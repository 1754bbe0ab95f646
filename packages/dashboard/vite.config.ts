/** How the dashboard is built and, while it is worked on, served: `npm run dashboard` beside a server on AGENTCLARA_PORT. */
import tailwindcss from '@tailwindcss/vite'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = `http://localhost:${process.env.AGENTCLARA_PORT ?? 4000}`
/** The server sees the browser's own Host and Origin: start it with AGENTCLARA_PUBLIC_URL set to this page's address. */
const proxied = { target: server, changeOrigin: false }

const SHARED = [
  'routes/_shell.tsx',
  'shell/shell.tsx',
  ...[
    'empty-state',
    'error-notice',
    'field',
    'list-end',
    'page',
    'segmented',
    'skeleton',
    'table',
    'time',
  ].map((name) => `ui/${name}.tsx`),
]

/** With what they import. Menus, dialogs and the palette are loaded by them, and stay files of their own. */
function isSharedByAllPages(id: string): boolean {
  return SHARED.some((path) => id.includes(`/dashboard/src/${path}`))
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    tanstackRouter({
      target: 'react',
      routesDirectory: 'src/routes',
      generatedRouteTree: 'src/routeTree.gen.ts',
      autoCodeSplitting: true,
      addExtensions: true,
      quoteStyle: 'single',
      disableLogging: true,
      routeFileIgnorePattern: '\\.test\\.',
    }),
    react(),
    tailwindcss(),
  ],
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/v1': proxied, '/auth': proxied, '/docs': proxied },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    cssCodeSplit: false,
    // No inlined files: the pages allow scripts, styles, fonts and images of this origin only.
    assetsInlineLimit: 0,
    target: 'es2022',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What every page is drawn with, in one file rather than in forty of some hundred bytes each.
            { name: 'shell', test: isSharedByAllPages },
          ],
        },
      },
    },
  },
})
