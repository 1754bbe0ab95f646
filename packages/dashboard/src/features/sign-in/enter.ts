/**
 * Into the dashboard, by loading it anew: nothing that the page knew of whoever was here before lives on, and password
 * managers see that signing in has worked.
 */
import { safeNextPath } from './next-path.ts'

export function enterDashboard(next: string | undefined): void {
  globalThis.location.assign(safeNextPath(next))
}
