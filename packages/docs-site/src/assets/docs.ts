/** What pages of the documentation do: tabs that remember a language, copying, search, the menu, and the reader's own key. */
import 'virtual:colours.css'
import './docs.css'
import { copyButtons } from './copy.ts'
import { keyOfReader } from './key-of-reader.ts'
import { menu, themeButton } from './page.ts'
import { search } from './search.ts'
import { tabs } from './tabs.ts'

tabs()
copyButtons()
menu()
themeButton()
search()
void keyOfReader()
