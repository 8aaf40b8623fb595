import type { ErrorObject } from 'ajv';
import { FORMATS } from './json-schema.formats.js';
import type { JsonSchema } from './json-schema.types.js';
import { CONCEALED, isSecretName, repr, str } from './python-repr.js';

/**
 * The text of an error as Nova gives it: the words of Python's jsonschema, after the name of the field and its
 * value (nova/api/validation/validators.py, `_SchemaValidator.validate`). Values of secret fields are not shown.
 */
export function validationMessage(error: ErrorObject): string {
  return message(error, 'field/attribute', -1);
}

/** The same for a query, which is checked as an object of lists: each parameter may come more than once. */
export function queryMessage(error: ErrorObject): string {
  return message(error, 'query parameters', 0);
}

/** @param place the part of the error's path that names the field */
function message(error: ErrorObject, kind: string, place: 0 | -1): string {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const field = path.at(place);
  const isSecret = path.some(isSecretName);

  const format = error.keyword === 'format' ? FORMATS[error.schema as string] : undefined;
  if (format?.complaint !== undefined) return format.complaint;
  const complaint = complain(error, isSecret ? CONCEALED : repr(error.data));
  if (field === undefined) return complaint;
  return `Invalid input for ${kind} ${str(field)}. Value: ${isSecret ? '' : str(error.data)}. ${complaint}`;
}

/** The complaint about a value, in the words of jsonschema/_keywords.py. */
function complain({ keyword, schema, parentSchema, data, params }: ErrorObject, value: string): string {
  switch (keyword) {
    case 'type':
      return `${value} is not of type ${[schema].flat().map(repr).join(', ')}`;
    case 'required':
      return `${repr(params['missingProperty'])} is a required property`;
    case 'additionalProperties':
      return unexpected(Object.keys(data as object), parentSchema as JsonSchema);
    case 'enum':
      return `${value} is not one of ${reprAll(schema as unknown[])}`;
    case 'pattern':
      return `${value} does not match ${repr(schema)}`;
    case 'format':
      return `${value} is not a ${repr(schema)}`;
    case 'minimum':
      return `${Number(data)} is less than the minimum of ${String(schema)}`;
    case 'maximum':
      return `${Number(data)} is greater than the maximum of ${String(schema)}`;
    case 'minLength':
    case 'minItems':
      return `${value} is too short`;
    case 'maxLength':
    case 'maxItems':
      return `${value} is too long`;
    case 'minProperties':
      return `${value} does not have enough properties`;
    case 'maxProperties':
      return `${value} has too many properties`;
    default: // oneOf
      return `${value} is not valid under any of the given schemas`;
  }
}

function unexpected(names: string[], { properties = {}, patternProperties }: JsonSchema): string {
  const patterns = Object.keys(patternProperties ?? {});
  const extra = names
    .filter(
      (name) =>
        !Object.hasOwn(properties, name) && !patterns.some((pattern) => RegExp(pattern, 'u').test(name)),
    )
    .sort();
  const shown = str(extra.map(repr).join(', '));
  if (patternProperties !== undefined) {
    const verb = extra.length === 1 ? 'does' : 'do';
    return `${shown} ${verb} not match any of the regexes: ${patterns.map(repr).join(', ')}`;
  }
  const verb = extra.length === 1 ? 'was' : 'were';
  return `Additional properties are not allowed (${shown} ${verb} unexpected)`;
}

/** The values of a schema, all of them: they are ours and few. */
function reprAll(values: unknown[]): string {
  return `[${values.map(repr).join(', ')}]`;
}

/** Ajv gives the place of an error as a JSON pointer (RFC 6901). */
function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
