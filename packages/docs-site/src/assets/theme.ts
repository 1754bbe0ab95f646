/** The reader's choice of light or dark, before anything is drawn: the same that the dashboard keeps. */
const theme = localStorage.getItem('agentclara.theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
