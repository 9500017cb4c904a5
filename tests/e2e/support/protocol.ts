import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

/** The description of the sockets, which is what the portal is held to. */
export const ASYNCAPI = fileURLToPath(new URL('../../../docs/asyncapi.yaml', import.meta.url));

interface Described {
  payload: object;
  examples?: { payload: Frame }[];
}

interface Description {
  components: { messages: Record<string, Described>; schemas: Record<string, object> };
}

export type Frame = Record<string, unknown>;

const { components } = parse(readFileSync(ASYNCAPI, 'utf8')) as Description;
const validators = compile(components);

/** The frames that stand there as examples. */
export const EXAMPLES = Object.values(components.messages)
  .flatMap(({ examples = [] }) => examples)
  .map(({ payload }) => payload);

/** The messages that the portal may send, by their `type`. */
export const SERVER_FRAMES = Object.keys(components.messages).filter(
  (name) => name !== 'sendMessage' && name !== 'ping',
);

/** What is wrong with a frame by its description; `null` when nothing is. */
export function misfit(frame: Frame): string | null {
  const name = String(frame.type ?? frame.action);
  const validate = validators.get(name);
  if (!validate) {
    return `${name} is not described: ${JSON.stringify(frame)}`;
  }
  return validate(frame)
    ? null
    : (validate.errors ?? [])
        .map(({ instancePath, message, params }) => [name + instancePath, message, JSON.stringify(params)].join(' '))
        .join('; ');
}

function compile({ messages, schemas }: Description['components']): Map<string, ValidateFunction> {
  const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
  addFormats(ajv);
  ajv.addVocabulary(['components']);
  const defined = closed(schemas);
  return new Map(
    Object.entries(messages).map(([name, { payload }]) => [
      name,
      ajv.compile({ ...(closed(payload) as object), components: { schemas: defined } }),
    ]),
  );
}

/**
 * A client has to bear members that it does not know, so the description leaves room for them. Here they are refused: what the
 * portal sends is to be described.
 */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(closed);
  }
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in schema ? { additionalProperties: false, ...inside } : inside;
}
