/** The one row that says which installation secret goes with this database. */
import type { Generated } from 'kysely'

export interface InstallationTable {
  only_one: Generated<boolean>
  fingerprint: Buffer
}
