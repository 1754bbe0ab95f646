import { createFileRoute } from '@tanstack/react-router'
import { HomePage } from '../../features/home/home-page.tsx'
import { readHomeSearch } from '../../features/home/range.ts'

export const Route = createFileRoute('/_shell/')({ validateSearch: readHomeSearch, component: HomePage })
