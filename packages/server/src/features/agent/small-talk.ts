/** What a message wants besides knowledge: a person, a greeting returned, thanks accepted. Pure; English. */

export type SmallTalk = 'person' | 'greeting' | 'thanks'

/** Words that may stand around a greeting or thanks without making a question of it. */
const FILLER =
  /\b(?:there|clara|again|everyone|all|so|very|much|a|lot|for|your|the|help|you|that|was|great|and|ok|okay)\b/g
const GREETING = /^(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings)+$/
const THANKS = /^(?:thanks|thank|thx|cheers|perfect|bye|goodbye|no thanks)+$/
const PERSON =
  /\b(?:person|human(?: being)?|someone|somebody|people|agent|representative|operator|staff member|employee)\b/
const REACH = /\b(?:speak|talk|chat|connect|transfer|reach|get|give|put me|want|need|prefer)\b/
const PERSON_ALONE = /^(?:a |an |the )?(?:person|human|agent|representative|operator)(?: please)?$/

/** Questions longer than this ask for more than a person. */
const MAX_WORDS_FOR_PERSON = 14

export function smallTalkOf(text: string): SmallTalk | undefined {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}' ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (words === '' || words.length > 200) return undefined
  if (PERSON_ALONE.test(words)) return 'person'
  const isShort = words.split(' ').length <= MAX_WORDS_FOR_PERSON
  if (
    isShort &&
    REACH.test(words) &&
    /\b(?:speak|talk|chat|connect\w*|transfer\w*) (?:me )?(?:to|with)\b|\breal\b|\bhuman\b/.test(words) &&
    PERSON.test(words)
  ) {
    return 'person'
  }
  const bare = words.replace(FILLER, ' ').replace(/\s+/g, ' ').trim()
  if (GREETING.test(bare)) return 'greeting'
  return THANKS.test(bare) ? 'thanks' : undefined
}
