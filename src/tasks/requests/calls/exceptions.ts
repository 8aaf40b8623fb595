import { HttpException } from '@nestjs/common';

/**
 * An exception in the form that Nest's microservices send: any other is sent as "Internal server error". The package is
 * loaded only here, by a host that has handlers of messages.
 */
export async function rpcException(exception: unknown): Promise<unknown> {
  if (!(exception instanceof HttpException)) return exception;
  const { RpcException } = await import('@nestjs/microservices');
  return Object.assign(new RpcException(exception.getResponse()), { cause: exception });
}

/** The same exception with what GraphQL sends besides the message. Apollo and Mercurius both read it. */
export function graphqlException(exception: unknown): unknown {
  if (!(exception instanceof HttpException)) return exception;
  const response = exception.getResponse();
  return typeof response === 'object' ? Object.assign(exception, { extensions: { ...response } }) : exception;
}
