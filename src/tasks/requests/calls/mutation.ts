import type { ExecutionContext } from '@nestjs/common';
import { requestTag } from '../reading/request-tag.js';
import type { TasksOptions } from '../../tasks.options.js';
import type { Call } from './call.js';

/** A mutation of GraphQL, as the options of its handler get it. */
export interface TrackedMutation<Args = unknown, Context = unknown, Request = unknown> {
  /** The arguments of the field. */
  args: Args;
  /** GraphQL's context, as the application makes it. */
  context: Context;
  /** What is known of the field; GraphQL's `GraphQLResolveInfo`. */
  info: { readonly fieldName: string; readonly path: GraphqlPath };
  /** The request of HTTP by which it has come; `undefined` when the context has none. */
  request: Request;
}

/** The names of a field and of those around it; GraphQL's `Path`. */
export interface GraphqlPath {
  readonly prev: GraphqlPath | undefined;
  readonly key: string | number;
}

/**
 * A mutation to track. Several in one document are several requests: each has a name of its own in the answer, which is
 * the field's or an alias, and is part of what is compared.
 */
export function mutationCall(context: ExecutionContext, options: TasksOptions): Call & { kind: 'MUTATION' } {
  const [, args, of, info] = context.getArgs<[unknown, unknown, unknown, TrackedMutation['info']]>();
  const request = requestOf(of);
  const mutation: TrackedMutation = { args, context: of, info, request };
  return {
    kind: 'MUTATION',
    place: [info.fieldName, ...namesOf(info.path)],
    request: mutation,
    moduleRequest: request,
    options: options.graphql,
    usual: {
      tag: () => (request === undefined ? null : requestTag(request, options)),
      requester: () => options.requester(request),
      parameters: args,
    },
  };
}

/** Where Apollo and Mercurius have the request, as Nest's modules for them set it up. */
function requestOf(context: unknown): object | undefined {
  const { req, request, reply } = (context ?? {}) as Record<'req' | 'request', object | undefined> & {
    reply?: { request?: object };
  };
  return req ?? request ?? reply?.request;
}

function namesOf(path: GraphqlPath): string[] {
  const names: string[] = [];
  for (let at: GraphqlPath | undefined = path; at !== undefined; at = at.prev) names.unshift(String(at.key));
  return names;
}
