/** A row's figures as a line of text: ours, the yardstick, their ratio, and whether it meets the goal. */
import type { Figures, Goal, Row } from './row.ts'

export function describeRow({ name, what, against, unit, goal }: Row, figures: Figures): string {
  const { ours, yardstick } = figures
  return [
    `${name}: ${what}`,
    `  ours       ${number(ours)}${unit}`,
    `  yardstick  ${number(yardstick)}${unit}  ${against}`,
    `  ratio      ${number(ours / yardstick)}  ${goal === undefined ? 'no goal' : verdict(figures, goal, unit)}`,
  ].join('\n')
}

function verdict({ ours, yardstick }: Figures, goal: Goal, unit: string): string {
  const ratio = ours / yardstick
  if ('oursUnder' in goal) return said(ours < goal.oursUnder, `ours under ${goal.oursUnder}${unit}`)
  if ('atLeast' in goal) return said(ratio >= goal.atLeast, `at least ${goal.atLeast}`)
  return said(ratio <= goal.atMost, `at most ${goal.atMost}`)
}

function said(isMet: boolean, text: string): string {
  return `goal ${text}: ${isMet ? 'met' : 'short'}`
}

/** Three significant digits, and all digits before the point. */
function number(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumSignificantDigits: 3 })
}
