/** `g` and a letter, for every place that the person may see. */
import { useRouter } from '@tanstack/react-router'
import { useShortcut } from '../lib/keyboard.ts'
import type { Me } from '../lib/session.ts'
import { allPlaces, type Place, visiblePlaces } from './navigation.ts'

export function GoShortcuts({ me }: { me: Me }) {
  return visiblePlaces(allPlaces, me).map((place) => <GoShortcut key={place.key} place={place} />)
}

function GoShortcut({ place }: { place: Place }) {
  const router = useRouter()
  useShortcut({ keys: `g ${place.key}`, label: place.label, group: 'Go to' }, () => {
    void router.navigate({ to: place.to })
  })
  return null
}
