/** The English words that carry nothing, little or half of what a question is about. */

const split = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Never searched for: articles, pronouns, auxiliaries, question words, greetings, verbs of telling. */
export const STOP_WORDS = split(`
  a an the this that these those there here such
  i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his she her hers it its
  they them their theirs itself themselves one ones someone somebody something anyone anybody anything everyone
  everything who whom whose which what when where why how whether
  am is are was were be been being do does did doing done have has had having can could will would shall should may
  might must ought cannot
  and or but nor so if then else than as of at by for from in into on onto to with without within about above below
  over under between through during before after up down out off again further once because while until unless
  though although per via also just only very too quite rather really even ever still yet already
  no not any some all both each few more most other another same own either neither much many lot lots
  hi hello hey dear thanks thank please kindly regards greetings ok okay yes sorry
  ve ll re im ive dont doesnt didnt cant couldnt wont wouldnt isnt arent wasnt werent hasnt havent hadnt shouldnt
  whats wheres whos hows thats theres id ill youre theyre theyve weve
  see tell know want wish wonder wondering let say understand
`)

/** What a question is wrapped in: they count for a quarter. */
export const WEAK_WORDS = split(`
  able allow ask available away back become bring bringing come currently exact find follow get gets getting got give given go
  going goes happen happens happened help instead keep like long look looking make makes mean means need needs new non now
  possible question right set show still sure take takes thing things think time today try trying use used uses using
  way ways work works working differ difference different actually anyway maybe perhaps best good kind sort
`)

/** Verbs and qualities that customers of any business use; they tell less than the things they are about. */
export const GENERAL_WORDS = split(`
  accept accepted add allowed apply arrive arriving attend begin buy call carry change check closest nearest near nearby
  next close closed contact cover deal eat end enter explain fill finish fit free handle hear hold include included join
  leave live meet move offer offered open pass permit permitted pick prepare provide provided put reach reached read
  receive recommend recommended require required run running send serve speak spend start stay stop suitable support
  supported teach turn visit wait walk wear write alone big early easy fast full high large late little low main nice
  normal often old quick real recent short simple slow small soon special usual usually whole young common current
  latest newest
`)

/** What a customer calls the business itself: after "the" or "your" they count as little as "you". */
export const PREMISES = split(`
  practice clinic surgery hotel hostel restaurant cafe salon studio gym museum library shop store office building
  premises place venue school branch company business
`)
