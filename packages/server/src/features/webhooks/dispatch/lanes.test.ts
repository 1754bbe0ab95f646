/** Lanes against a model that is slow and plain: whatever is added, taken, finished and parked, in whatever order. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Lanes } from './lanes.ts'

interface Item {
  sequence: number
  lane: string | null
}

/** What must hold, said without heaps or lines: each lane is a sorted list, its head is due, busy or waits. */
class Model {
  readonly lanes = new Map<string, { items: Item[]; isBusy: boolean; dueMs: number }>()

  nameOf = (item: Item): string => item.lane ?? `alone ${item.sequence}`

  add(item: Item, dueMs: number): void {
    const name = this.nameOf(item)
    const lane = this.lanes.get(name) ?? { items: [], isBusy: false, dueMs: 0 }
    this.lanes.set(name, lane)
    const busy = lane.isBusy ? lane.items.slice(0, 1) : []
    const rest = [...lane.items.slice(busy.length), item].sort((a, b) => a.sequence - b.sequence)
    lane.items = [...busy, ...rest]
    if (lane.items[0] === item) lane.dueMs = dueMs
  }

  due(nowMs: number): Item[] {
    return [...this.lanes.values()]
      .filter((lane) => !lane.isBusy && lane.dueMs <= nowMs)
      .flatMap((lane) => lane.items.slice(0, 1))
  }

  laneOf = (item: Item) => {
    const lane = this.lanes.get(this.nameOf(item))
    if (lane === undefined) throw new Error('no such lane')
    return lane
  }

  done(item: Item): void {
    const lane = this.laneOf(item)
    lane.items = lane.items.slice(1)
    lane.isBusy = false
    lane.dueMs = 0
    if (lane.items.length === 0) this.lanes.delete(this.nameOf(item))
  }
}

type Step =
  | { kind: 'add'; lane: number; sequence: number; dueMs: number }
  | { kind: 'take' }
  | { kind: 'done'; which: number }
  | { kind: 'park'; which: number; forMs: number }
  | { kind: 'hurry'; which: number }
  | { kind: 'wait'; ms: number }

const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      lane: fc.integer({ min: 0, max: 5 }),
      sequence: fc.integer({ min: 1, max: 200 }),
      dueMs: fc.constantFrom(0, 0, 5, 50),
    }),
    fc.record({ kind: fc.constant('take' as const) }),
    fc.record({ kind: fc.constant('take' as const) }),
    fc.record({ kind: fc.constant('done' as const), which: fc.nat() }),
    fc.record({
      kind: fc.constant('park' as const),
      which: fc.nat(),
      forMs: fc.integer({ min: 1, max: 100 }),
    }),
    fc.record({ kind: fc.constant('hurry' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 60 }) }),
  ),
  { maxLength: 200 },
)

test('what is taken is the first of its lane and due, one of a lane at a time; nothing is lost, and something is found while something is due', () => {
  fc.assert(
    fc.property(steps, (all: Step[]) => {
      const lanes = new Lanes<Item>()
      const model = new Model()
      const busy: Item[] = []
      const known = new Map<number, Item>()
      let nowMs = 1
      const pick = (which: number): Item | undefined => busy[which % Math.max(1, busy.length)]
      const drop = (item: Item): void => void busy.splice(busy.indexOf(item), 1)
      for (const step of all) {
        if (step.kind === 'wait') nowMs += step.ms
        if (step.kind === 'add' && !known.has(step.sequence)) {
          const item = { sequence: step.sequence, lane: step.lane === 0 ? null : `lane ${step.lane}` }
          const dueMs = step.dueMs === 0 ? 0 : nowMs + step.dueMs
          known.set(step.sequence, item)
          model.add(item, dueMs)
          lanes.add(item, dueMs)
        }
        if (step.kind === 'take') {
          const due = model.due(nowMs)
          const taken = lanes.take(nowMs)
          if (due.length === 0) expect(taken).toBeUndefined()
          else expect(due).toContain(taken)
          if (taken !== undefined) {
            model.laneOf(taken).isBusy = true
            busy.push(taken)
          }
        }
        const item = 'which' in step ? pick(step.which) : undefined
        if (step.kind === 'done' && item !== undefined) {
          lanes.done(item)
          model.done(item)
          known.delete(item.sequence)
          drop(item)
        }
        if (step.kind === 'park' && item !== undefined) {
          const lane = model.laneOf(item)
          const behind = lanes.park(item, nowMs + step.forMs)
          lane.isBusy = false
          lane.dueMs = nowMs + step.forMs
          expect(behind).toEqual(lane.items.slice(1))
          drop(item)
        }
        if (step.kind === 'hurry') {
          const waiting = [...known.values()]
          const one = waiting[step.which % Math.max(1, waiting.length)]
          if (one !== undefined) {
            lanes.hurry(one)
            const lane = model.laneOf(one)
            if (!lane.isBusy) lane.dueMs = 0
          }
        }
        expect(lanes.size).toBe(known.size)
        for (const [sequence, one] of known) expect(lanes.find(sequence)).toBe(one)
        // Whoever sleeps until then misses nothing.
        const next = Math.min(
          ...[...model.lanes.values()].filter((lane) => !lane.isBusy).map((lane) => lane.dueMs),
        )
        if (next > nowMs) expect(lanes.nextDueMs()).toBeLessThanOrEqual(next)
      }
    }),
    { numRuns: 500 },
  )
})

test('whoever comes to a parked lane is told that it must wait, and to no other', () => {
  const lanes = new Lanes<Item>()
  const first = { sequence: 1, lane: 'a' }
  expect(lanes.add(first)).toBe(false)
  expect(lanes.take(0)).toBe(first)
  lanes.park(first, 100)
  expect(lanes.add({ sequence: 2, lane: 'a' })).toBe(true)
  expect(lanes.add({ sequence: 3, lane: 'b' })).toBe(false)
  expect(lanes.add({ sequence: 4, lane: null })).toBe(false)
  expect([lanes.take(99)?.sequence, lanes.take(99)?.sequence, lanes.take(99)]).toEqual([3, 4, undefined])
  expect(lanes.nextDueMs()).toBe(100)
  expect(lanes.take(100)).toBe(first)
})

test('lanes that are due take turns', () => {
  const lanes = new Lanes<Item>()
  for (let sequence = 1; sequence <= 6; sequence++) lanes.add({ sequence, lane: sequence <= 3 ? 'a' : 'b' })
  const order: number[] = []
  for (let item = lanes.take(0); item !== undefined; item = lanes.take(0)) {
    order.push(item.sequence)
    lanes.done(item)
  }
  expect(order).toEqual([1, 4, 2, 5, 3, 6])
})
