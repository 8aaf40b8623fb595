import { HttpStatus, RequestMethod } from '@nestjs/common';
import { ApiExtraModels, getSchemaPath } from '@nestjs/swagger';

/** What is described: a handler, or a class for all of its handlers. */
type Described = object;

/** A response as Swagger's decorators describe it. */
export interface DescribedResponse {
  description: string;
  headers?: object;
  /** The body, by its schema. */
  schema?: object;
  /** The body, by its class; other forms, such as the name of a type, may be there as well. */
  type?: unknown;
  isArray?: boolean;
}

type Responses = Record<number | string, DescribedResponse>;

/** The names that Swagger and Nest have for the metadata of a handler. */
const RESPONSES = 'swagger/apiResponse';
const HTTP_CODE = '__httpCode__';
const METHOD = 'method';

/**
 * Adds responses to those that a handler's other decorators describe. Each of Swagger's decorators replaces what those
 * below it have said of a body; so this is done when all of them are there, as soon as the class is defined. No document
 * is made before that: it needs an application, which starts later.
 */
export function addResponses(
  responses: (described: Described) => Responses,
): MethodDecorator & ClassDecorator {
  return (target: object, _name?: string | symbol, handler?: PropertyDescriptor) => {
    const described = (handler?.value as Described | undefined) ?? target;
    queueMicrotask(() => {
      const there = { ...(Reflect.getMetadata(RESPONSES, described) as Responses | undefined) };
      for (const [status, added] of Object.entries(responses(described)))
        there[status] = merged(there[status], added, described);
      Reflect.defineMetadata(RESPONSES, there, described);
    });
  };
}

/** The status with which Nest answers for a handler. */
export function statusOf(handler: Described): number {
  const set = Reflect.getMetadata(HTTP_CODE, handler) as number | undefined;
  if (set !== undefined) return set;
  const method = Reflect.getMetadata(METHOD, handler) as RequestMethod | undefined;
  return method === undefined || method === RequestMethod.POST ? HttpStatus.CREATED : HttpStatus.OK;
}

function merged(
  there: DescribedResponse | undefined,
  added: DescribedResponse,
  described: Described,
): DescribedResponse {
  if (there === undefined) return added;
  const descriptions = [there.description, added.description].filter((text) => text !== '');
  const response = {
    ...there,
    description: descriptions.join('\n\n'),
    ...(added.headers && { headers: { ...added.headers, ...there.headers } }),
  };
  if (added.schema === undefined) return response;
  if (!('content' in there) && !('standardSchema' in there) && there.schema === undefined && !there.type)
    return { ...response, schema: added.schema };
  const schema = schemaOf(there, described);
  // What cannot be read is the host's own, and stays alone.
  if (schema === null) return response;
  return { ...response, type: undefined, isArray: undefined, schema: { oneOf: [schema, added.schema] } };
}

/** The schema of a response's body. */
function schemaOf({ schema, type, isArray }: DescribedResponse, described: Described): object | null {
  if (schema !== undefined) return schema;
  if (typeof type !== 'function') return null;
  const primitive = PRIMITIVES.get(type);
  if (primitive === undefined) ApiExtraModels(type)({}, '', { value: described });
  const one = primitive === undefined ? { $ref: getSchemaPath(type) } : { type: primitive };
  return isArray === true ? { type: 'array', items: one } : one;
}

const PRIMITIVES = new Map<unknown, string>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
  [Object, 'object'],
]);
