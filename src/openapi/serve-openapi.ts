import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** A token that the embedded identity service takes, so that "Try it out" works at once. */
const DEMO_TOKEN = 'alice:demo';

const TOKEN_SCHEME = 'X-Auth-Token';

/** Serves the OpenAPI document at `/openapi.json`, and Swagger UI, with all that it needs, at `/docs`. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const document = new DocumentBuilder()
    .setTitle('Tasktag')
    .setDescription(
      'Send `Task-tag: <any string>` with a request that creates a server or acts on one. If its answer never ' +
        'arrives, ask by the tag what became of it; send it again, and it is not done twice.',
    )
    .setVersion('0.1.0')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Auth-Token' }, TOKEN_SCHEME)
    .addSecurityRequirements(TOKEN_SCHEME)
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document), {
    jsonDocumentUrl: 'openapi.json',
    swaggerOptions: {
      authAction: {
        [TOKEN_SCHEME]: {
          name: TOKEN_SCHEME,
          schema: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' },
          value: DEMO_TOKEN,
        },
      },
      displayRequestDuration: true,
      tryItOutEnabled: true,
    },
  });
}
