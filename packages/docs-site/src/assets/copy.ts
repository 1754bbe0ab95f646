/** Copies the code that is shown. */

const SAID_MS = 1_500

export function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.copy')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      const shown = [...(button.closest('figure')?.querySelectorAll('pre') ?? [])].find(
        (pre) => pre.closest('[hidden]') === null,
      )
      await navigator.clipboard.writeText(shown?.textContent ?? '').then(
        () => say(button, 'Copied'),
        () => say(button, 'Press Ctrl-C'),
      )
    })
  }
}

function say(button: HTMLButtonElement, text: string): void {
  button.textContent = text
  setTimeout(() => (button.textContent = 'Copy'), SAID_MS)
}
