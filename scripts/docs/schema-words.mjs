import { code } from './markdown.mjs';

/** The type of a zod schema in a word. */
export function typeOf(schema) {
  const { type, innerType, in: input, options, element } = schema.def ?? {};
  if (type === 'optional' || type === 'default') return typeOf(innerType);
  if (type === 'pipe') return typeOf(input);
  if (type === 'lazy') return 'object';
  if (type === 'record') return 'object';
  if (type === 'enum') return schema.options.length > 3 ? 'string' : schema.options.map(code).join(' or ');
  if (type === 'union') return options.map(typeOf).join(' or ');
  if (type === 'array') return `list of ${typeOf(element)}s`;
  return type;
}

/** A description may stand on the schema or on what it wraps. */
export function descriptionOf(schema) {
  return schema?.description ?? (schema?.def?.innerType ? descriptionOf(schema.def.innerType) : '');
}
