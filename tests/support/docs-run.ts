/** Runs the blocks of a guide from top to bottom, as a reader who copies them would. */
import { access, chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Block, isRunnable, type Page } from './docs-blocks.ts'
import { differenceOfJson, differenceOfText } from './docs-output.ts'
import { hasInterpreter, type Running, startBlock } from './docs-processes.ts'
import { freePort, isListening, startBusyServer, startFanOut } from './docs-proxies.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** For what must become true: background blocks that listen, blocks that succeed eventually. */
const PATIENCE_MS = 60_000
const READER_PORT = 3000

export interface Setting {
  /** Of the server, without a path. */
  url: string
  /** A key of the test environment that may do everything. */
  key: string
  /** The workspace's id: guides call it Acme, and there are many. */
  workspace: string
  /** The whole environment of the reader's terminal, without key and base URL. */
  env: NodeJS.ProcessEnv
  /** The text of a file that another page shows. */
  fileOf(page: string, file: string): Promise<string>
}

/** Rejects at the first block that fails, with the page, the line and what was printed. */
export async function runPage(page: Page, setting: Setting): Promise<void> {
  const folder = await makeFolder(page, setting)
  try {
    await runPageIn(folder, page, setting)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

/** The same in a folder that is there already. `onGroup` is told of each group of blocks that is done. */
export async function runPageIn(
  folder: string,
  page: Page,
  setting: Setting,
  onGroup: (group: readonly Block[]) => void = () => {},
): Promise<void> {
  const run = new PageRun(page, setting, folder)
  try {
    for (const group of page.groups) {
      await run.group(group)
      onGroup(group)
    }
  } finally {
    await run.end()
  }
}

/** The reader's project: packages can be imported, and `npm run` knows the commands of AgentClara. */
async function makeFolder(page: Page, setting: Setting): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'agentclara-guide-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const command = (file: string) => `${process.execPath} ${join(root, 'packages', file)}`
  const scripts = { admin: command('server/src/admin.ts'), agentclara: command('cli/src/main.ts') }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', scripts }))
  for (const { page: other, file } of page.borrowed) {
    const text = await setting.fileOf(other, file)
    await writeFile(join(folder, file), text.replaceAll('http://localhost:4000', setting.url))
  }
  return folder
}

class PageRun {
  readonly #page: Page
  readonly #setting: Setting
  readonly #folder: string
  /** By what they begin with, the ids and secrets that were last printed. */
  readonly #known = new Map<string, string>()
  readonly #background: Running[] = []
  /** What closes with the page. */
  readonly #open: { close(): Promise<void> }[] = []
  #port: number | undefined
  /** Of the receivers that run now. */
  #receivers: { ports: number[]; runs: Running[] } = { ports: [], runs: [] }
  #hasFanOut = false
  #last: { blocks: Block[]; runs: Running[] } = { blocks: [], runs: [] }

  constructor(page: Page, setting: Setting, folder: string) {
    this.#page = page
    this.#setting = setting
    this.#folder = folder
  }

  async group(blocks: Block[]): Promise<void> {
    const [first] = blocks
    if (first?.marks.isOutput) return this.#output(first)
    for (const block of blocks) await this.#check(block)
    const runnable = blocks.filter(
      ({ language, marks }) =>
        isRunnable(language) &&
        hasInterpreter(language) &&
        marks.file === undefined &&
        marks.elsewhere === undefined,
    )
    if (runnable.length === 0) return
    if (runnable.some(({ marks }) => marks.background !== undefined)) await this.#startAll(runnable)
    else {
      const runs = await Promise.all(runnable.map((block) => this.#finish(block)))
      this.#last = { blocks: runnable, runs }
      this.#learn(runs)
    }
  }

  /** What needs no process: files, JSON, settings, and marks that name a test. */
  async #check(block: Block): Promise<void> {
    const { language, marks, code } = block
    const fail = (why: string): never => this.#fail(block, why, '')
    if (marks.elsewhere !== undefined)
      await access(join(root, marks.elsewhere)).catch(() => fail(`there is no ${marks.elsewhere}`))
    if (marks.file !== undefined) {
      await writeFile(join(this.#folder, marks.file), await this.#fill(block))
      if (code.startsWith('#!')) await chmod(join(this.#folder, marks.file), 0o755)
    }
    if (language === 'json') {
      try {
        JSON.parse(code)
      } catch (error) {
        fail(`is no JSON: ${error instanceof Error ? error.message : error}`)
      }
    }
    const isSetting = (line: string) => /^([A-Z][A-Z0-9_]*=.*|#.*|)$/.test(line)
    if (language === 'env' && !code.split('\n').every(isSetting)) fail('has a line that is not NAME=value')
  }

  async #start(block: Block, port?: number): Promise<Running> {
    const { language, line, marks } = block
    if (!isRunnable(language)) return this.#fail(block, 'can’t be run', '')
    const { url, key, env } = this.#setting
    const busy = marks.isRefusedFirst ? await startBusyServer(url) : undefined
    if (busy !== undefined) this.#open.push(busy)
    return startBlock(language, await this.#fill(block, port, busy?.url), {
      folder: this.#folder,
      name: `line-${line}`,
      isBackground: marks.background !== undefined,
      env: {
        PYTHONDONTWRITEBYTECODE: '1',
        ...env,
        AGENTCLARA_API_KEY: key,
        AGENTCLARA_BASE_URL: `${busy?.url ?? url}/v1`,
      },
    })
  }

  async #finish(block: Block): Promise<Running> {
    const giveUpMs = performance.now() + PATIENCE_MS
    for (;;) {
      const run = await this.#start(block)
      const code = await run.ended
      const problem =
        code === block.marks.exits
          ? block.marks.isEventual && this.#differenceIn(this.#outputOf(block), [run])
          : `ended with ${code} instead of ${block.marks.exits}`
      if (!problem) return run
      if (!block.marks.isEventual || performance.now() > giveUpMs) this.#fail(block, problem, run.printed())
      await delay(300)
    }
  }

  /**
   * Each of them listens on a port of its own, and all hear what is sent to the one that the page names. Receivers of an
   * earlier group end: a reader would make room for these.
   */
  async #startAll(blocks: Block[]): Promise<void> {
    const ports: number[] = []
    const runs: Running[] = []
    for (const block of blocks) {
      const port = await freePort()
      const run = await this.#start(block, port)
      this.#background.push(run)
      runs.push(run)
      const until = block.marks.background
      if (until !== undefined && 'port' in until) ports.push(port)
      await this.#wait(block, run, () =>
        until !== undefined && 'text' in until ? run.printed().includes(until.text) : isListening(port),
      )
    }
    if (ports.length > 0) {
      const earlier = this.#receivers.runs
      this.#receivers = { ports, runs }
      await Promise.all(earlier.map((run) => run.stop()))
      if (!this.#hasFanOut)
        this.#open.push(await startFanOut(await this.#pagePort(), () => this.#receivers.ports))
      this.#hasFanOut = true
    }
    this.#last = { blocks, runs }
    this.#learn(runs)
  }

  async #wait(block: Block, run: Running, isTrue: () => boolean | Promise<boolean>): Promise<void> {
    let hasEnded = false
    void run.ended.then(() => (hasEnded = true))
    const giveUpMs = performance.now() + PATIENCE_MS
    while (!(await isTrue())) {
      if (hasEnded) this.#fail(block, 'ended, and should have gone on', run.printed())
      if (performance.now() > giveUpMs) this.#fail(block, 'didn’t get ready', run.printed())
      await delay(50)
    }
  }

  async #output(block: Block): Promise<void> {
    const runs = [...this.#last.runs, ...this.#background]
    const giveUpMs = performance.now() + PATIENCE_MS
    for (;;) {
      const difference = this.#differenceIn(block, runs)
      if (difference === undefined) return
      if (this.#background.length === 0 || performance.now() > giveUpMs)
        this.#fail(block, difference, runs.map((run) => run.printed()).join('\n'))
      await delay(100)
    }
  }

  /** Undefined when one of them printed what is shown. */
  #differenceIn(shown: Block | undefined, runs: readonly Running[]): string | undefined {
    if (shown === undefined) return undefined
    const differences: string[] = []
    for (const run of runs) {
      const difference =
        shown.language === 'json'
          ? differenceOfJson(shown.code, run.stdout())
          : differenceOfText(shown.code, run.printed())
      if (difference === undefined) return undefined
      differences.push(difference)
    }
    return differences[0]
  }

  /** The block that shows what this one prints. */
  #outputOf(block: Block): Block | undefined {
    const index = this.#page.groups.findIndex((group) => group.includes(block))
    const next = this.#page.groups[index + 1]?.[0]
    return next?.marks.isOutput ? next : undefined
  }

  /** The first of each kind in what the first of the runs printed. */
  #learn(runs: readonly Running[]): void {
    for (const run of [...runs].reverse()) {
      const found = run
        .stdout()
        .matchAll(/\b([a-z]{2,4})_[0-9a-z]{26}\b|\b(sk_test|sk_live|ct_test|whsec)_[\w+/=.-]+/g)
      for (const match of [...found].reverse()) this.#known.set(`${match[1] ?? match[2]}_`, match[0])
    }
  }

  async #fill(block: Block, port?: number, url = this.#setting.url): Promise<string> {
    const { code } = block
    const needsPort = new RegExp(`\\b${READER_PORT}\\b`).test(code)
    const own = needsPort ? String(port ?? (await this.#pagePort())) : ''
    return code
      .replaceAll('http://localhost:4000', url)
      .replaceAll('YOUR_API_KEY', this.#setting.key)
      .replaceAll('--workspace Acme', `--workspace ${this.#setting.workspace}`)
      .replaceAll(new RegExp(`\\b${READER_PORT}\\b`, 'g'), own)
      .replaceAll(/\b([a-z]{2,5}_(?:test_|live_)?)…/g, (text, prefix: string) => {
        return (
          this.#known.get(prefix) ??
          this.#fail(block, `nothing was printed before that ${text} could stand for`, '')
        )
      })
  }

  async #pagePort(): Promise<number> {
    this.#port ??= await freePort()
    return this.#port
  }

  #fail(block: Block, why: string, printed: string): never {
    const place = `${this.#page.path}:${block.line} (${block.language})`
    throw new Error(`${place} ${why}${printed === '' ? '' : `\n--- printed ---\n${printed.slice(-6_000)}`}`)
  }

  async end(): Promise<void> {
    await Promise.all(this.#background.map((run) => run.stop()))
    await Promise.all(this.#open.map((open) => open.close()))
  }
}
