import {
  type ArgumentsHost,
  BadRequestException,
  Catch,
  ConflictException,
  Controller,
  type ExceptionFilter,
  GoneException,
  type HttpException,
  type HttpServer,
  NotFoundException,
  Post,
  ServiceUnavailableException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import {
  AbandonedTagError,
  DuplicateRequestError,
  httpException,
  InvalidTagError,
  RecorderBusyError,
  tagFromText,
  TaskNotFoundError,
  TasksService,
  Tracked,
  UnreadBodyError,
} from '../../src/index.js';
import { type LibraryHost, singleTenant, startHost } from '../support/library/library-host.js';

@Controller('things')
class ThingsController {
  @Post()
  @Tracked({ task: 'make' })
  make() {
    return {};
  }
}

/** What a filter of the host's has caught. */
const caught: HttpException[] = [];

/** A host's filter for one kind of Nest's exceptions, which answers by itself. */
abstract class HostFilter implements ExceptionFilter {
  constructor(private readonly adapter: HttpServer) {}

  catch(exception: HttpException, host: ArgumentsHost) {
    caught.push(exception);
    this.adapter.reply(host.switchToHttp().getResponse(), exception.getResponse(), exception.getStatus());
  }
}

@Catch(ConflictException)
class ConflictFilter extends HostFilter {}

@Catch(GoneException)
class GoneFilter extends HostFilter {}

@Catch(BadRequestException)
class BadRequestFilter extends HostFilter {}

@Catch(NotFoundException)
class NotFoundFilter extends HostFilter {}

@Catch(UnsupportedMediaTypeException)
class MediaTypeFilter extends HostFilter {}

describe('a refusal is an exception of Nest, which the filters of a host catch', () => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({
      platform: 'express',
      controllers: [ThingsController],
      controller: { path: 'tasks' },
      options: { requester: singleTenant },
      prepare: (app) => {
        const { httpAdapter } = app.get(HttpAdapterHost);
        const filters = [ConflictFilter, GoneFilter, BadRequestFilter, NotFoundFilter, MediaTypeFilter];
        app.useGlobalFilters(...filters.map((Filter) => new Filter(httpAdapter)));
      },
    });
    const tasks = host.app.get(TasksService, { strict: false });
    await tasks.abandon(singleTenant(), tagFromText('given up'));
    await send('taken');
  });
  afterAll(() => host.close());
  beforeEach(() => caught.splice(0));

  const send = (tag: string, body: unknown = {}, headers = {}) =>
    host.client.post('/things', body, { token: null, tag, headers });

  it.each([
    [409, ConflictException, DuplicateRequestError, () => send('taken')],
    [410, GoneException, AbandonedTagError, () => send('given up')],
    [400, BadRequestException, InvalidTagError, () => send('')],
    [
      415,
      UnsupportedMediaTypeException,
      UnreadBodyError,
      () => send('new', 'text', { 'content-type': 'text/plain' }),
    ],
    [
      404,
      NotFoundException,
      TaskNotFoundError,
      () => host.client.get('/tasks/019a0000-0000-7000-8000-000000000000', { token: null }),
    ],
  ])('%d: its cause is the error of this module', async (status, Exception, Cause, ask) => {
    const { status: given, json } = await ask();
    expect(given).toBe(status);
    const [exception] = caught;
    expect(exception).toBeInstanceOf(Exception);
    expect(exception?.cause).toBeInstanceOf(Cause);
    const { code, message } = exception?.cause as DuplicateRequestError;
    expect(json).toMatchObject({ statusCode: status, code, message });
    expect(exception?.message).toBe(message);
    expect(exception?.errorCode).toBe(code);
  });

  it('503, when it could not be recorded', () => {
    const busy = new RecorderBusyError();
    const exception = httpException(busy) as HttpException;
    expect(exception).toBeInstanceOf(ServiceUnavailableException);
    expect(exception.cause).toBe(busy);
    expect(exception.getResponse()).toEqual({
      statusCode: 503,
      code: 'RECORDER_BUSY',
      message: busy.message,
    });
  });
});
