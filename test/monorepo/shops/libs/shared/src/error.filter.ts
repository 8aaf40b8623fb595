import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** All errors of the house have the form `{ "error": { "status", "reason", … } }`. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : 500;
    const told = error instanceof HttpException ? error.getResponse() : 'Something went wrong';
    const { message, code, task } = (typeof told === 'string' ? { message: told } : told) as Told;
    const body = { error: { status, reason: message, code, task } };
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), body, status);
  }
}

/** What an error may tell; `code` and `task` are those of tasktag's. */
interface Told {
  message: string | string[];
  code?: string;
  task?: object;
}
