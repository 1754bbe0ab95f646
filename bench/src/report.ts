/** A row's figures as a line of text: ours, the yardstick, their ratio, and whether it meets the goal. */
import type { Figures, Goal, Row } from './row.ts'

export function describeRow({ name, what, against, unit, goal }: Row, { ours, yardstick }: Figures): string {
  const ratio = ours / yardstick
  return [
    `${name}: ${what}`,
    `  ours       ${number(ours)}${unit}`,
    `  yardstick  ${number(yardstick)}${unit}  ${against}`,
    `  ratio      ${number(ratio)}  ${goal === undefined ? 'no goal' : verdict(ratio, goal)}`,
  ].join('\n')
}

function verdict(ratio: number, goal: Goal): string {
  const [met, text] =
    'atLeast' in goal
      ? [ratio >= goal.atLeast, `at least ${goal.atLeast}`]
      : [ratio <= goal.atMost, `at most ${goal.atMost}`]
  return `goal ${text}: ${met ? 'met' : 'short'}`
}

/** Three significant digits, and all digits before the point. */
function number(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumSignificantDigits: 3 })
}
