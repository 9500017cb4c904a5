import type { Api } from './Api';
import { Script } from './Script';

/** Conversations as somebody may have them, newest first. */
const TITLES = [
  'Three calm days in Lisbon',
  'Second highest salary, in SQL',
  'Why bread rises',
  'A letter to the landlord',
  'Names for a grey cat',
  'What a hash table is good for',
];

export const QUESTION = 'Why are there two tides a day, when the moon comes by once?';

const ANSWER = `Because the moon does not pull everywhere as strongly. The sea rises **on both sides** of the earth, and the turning
earth carries each coast through both.

| Side of the earth | Pull of the moon | What the sea does |
|---|---|---|
| Towards the moon | strongest | rises towards it |
| Away from the moon | weakest | is *left behind*, and so rises too |

The moon moves on meanwhile, so the tides come some fifty minutes later each day:

\`\`\`python
LUNAR_DAY = 24 + 50 / 60  # hours from one moonrise to the next

def next_high_tide(hour: float) -> float:
    return (hour + LUNAR_DAY / 2) % 24
\`\`\`
`;

/** How it ends, as it is shown. */
export const LAST_WORDS = '% 24';

/** The answer word by word, as a model gives it. */
export function answer(): Script {
  return Script.answer(...(ANSWER.match(/\s*\S+\s*/g) ?? []));
}

/** Fills the list; one of it is pinned. */
export async function fill(api: Api): Promise<void> {
  for (const title of TITLES.toReversed()) {
    const id = await api.createConversation({ title });
    if (title === TITLES[2]) {
      await api.updateConversation(id, { pinned: true });
    }
  }
}
