/** Creating a file that several processes may try to create at once: one wins, and nobody sees half of it. */
import { randomBytes } from 'node:crypto'
import { link, open, rm } from 'node:fs/promises'

/** True when this call created it, false when it was there. The content is on disk before the name is. */
export async function createFileOnce(path: string, content: string, mode: number): Promise<boolean> {
  const temporary = `${path}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  const file = await open(temporary, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}
