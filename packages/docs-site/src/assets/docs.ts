/** What pages of the documentation do: tabs that remember a language, copying, search, the menu, and the reader's own server and key. */
import 'virtual:colours.css'
import './docs.css'
import { copyButtons } from './copy.ts'
import { keyOfReader } from './key-of-reader.ts'
import { menu, themeButton } from './page.ts'
import { search } from './search.ts'
import { serverOfReader } from './server-of-reader.ts'
import { tabs } from './tabs.ts'

serverOfReader()
tabs()
copyButtons()
menu()
themeButton()
search()
void keyOfReader()
