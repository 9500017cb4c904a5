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

export const QUESTION =
  'Why are there two tides a day, when the moon comes by only once? A table and some code would help.';

const ANSWER = `Because the moon pulls at *every* part of the earth, and not everywhere as strongly. The water on the near side is
pulled more than the earth below it, and the earth is pulled more than the water on the far side. So the sea bulges **on both sides**,
and the turning earth carries each coast through both of them.

| Place | Pull of the moon | What the sea does |
|---|---|---|
| Side towards the moon | strongest | rises |
| Centre of the earth | in between | stays the measure |
| Side away from the moon | weakest | rises too, because it is left behind |

The moon moves on meanwhile, which is why the tides come about fifty minutes later each day:

\`\`\`python
LUNAR_DAY = 24 + 50 / 60  # hours from one moonrise to the next

def next_high_tide(hour: float) -> float:
    return (hour + LUNAR_DAY / 2) % 24

print(f"{next_high_tide(6.0):.1f}")  # 18.4
\`\`\`
`;

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
