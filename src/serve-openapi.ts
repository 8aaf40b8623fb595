import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** A token that the simulated identity service takes, so that "Try it out" works at once. */
const DEMO_TOKEN = 'alice:demo';

const TOKEN_SCHEME = 'X-Auth-Token';
const TOKEN = { type: 'apiKey', in: 'header', name: 'X-Auth-Token' } as const;

/** What is to be filled in before the first request. */
const FIRST_STEP = {
  embedded: 'everything is filled in, press *Execute*',
  nova: 'put in the ids of an image and a flavor of your cloud, and press *Execute*',
};

/** What a newcomer reads first. */
const story = (compute: keyof typeof FIRST_STEP) => `
Send \`Task-tag: <any string>\` with a request that creates a server or acts on one. If its answer never arrives,
ask by the tag what became of it; send it again, and it is not done twice.

1. **POST /v3/servers**: ${FIRST_STEP[compute]}. The answer is 202, and has the tag in its headers.
2. Press *Execute* again, as a client does that never saw the answer: 409, *That request is already accepted*.
3. **GET /v3/servers/{key}/tasks**: ask by the tag. There is one task, and it names the one server.

\`/v2.1\` is the same API as \`/v3\`.
`;

/** How to sign in, and what the field for the token says. */
const SIGN_IN = {
  embedded: {
    story: `You are \`${DEMO_TOKEN}\`, user and project; *Authorize* takes any other pair.`,
    field: 'In the simulated cloud: `user:project`.',
  },
  keystone: {
    story: 'Sign in first: *Authorize* takes a token, as `openstack token issue` gives it.',
    field: 'A token of Keystone, scoped to a project.',
  },
};

/** What the page depends on. */
export interface OpenApiSettings {
  IDENTITY: keyof typeof SIGN_IN;
  COMPUTE: keyof typeof FIRST_STEP;
}

/** The groups, in the order in which the page shows them. */
const GROUPS: [name: string, description: string][] = [
  ['servers', 'What changes a server is recorded as a task, with or without a tag.'],
  ['tasks', 'What became of the requests.'],
  ['interfaces and volumes', 'Recorded as tasks, too.'],
];

const SIMULATED: [name: string, description: string] = ['simulated cloud', 'What servers are made of here.'];

/**
 * Serves the OpenAPI document at `/openapi.json`, and Swagger UI, with all that it needs, at `/docs`.
 *
 * @param settings who validates tokens: the page is signed in when anybody may be; and which cloud it is
 */
export function serveOpenApi(
  app: NestFastifyApplication,
  { IDENTITY: identity, COMPUTE: compute }: OpenApiSettings,
): void {
  const signIn = SIGN_IN[identity];
  const builder = new DocumentBuilder()
    .setTitle('Tasktag')
    .setDescription(`${story(compute).trim()}\n\n${signIn.story}`)
    .setVersion('0.1.0')
    .addApiKey({ ...TOKEN, description: signIn.field }, TOKEN_SCHEME)
    .addSecurityRequirements(TOKEN_SCHEME);
  const groups = compute === 'embedded' ? [...GROUPS, SIMULATED] : GROUPS;
  for (const [name, description] of groups) builder.addTag(name, description);
  const document = builder.build();
  const create = () => SwaggerModule.createDocument(app, document, { autoTagControllers: false });
  SwaggerModule.setup('docs', app, create, {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Tasktag',
    customCss: '.swagger-ui .topbar { display: none }',
    swaggerOptions: {
      ...(identity === 'embedded' && {
        authAction: { [TOKEN_SCHEME]: { name: TOKEN_SCHEME, schema: TOKEN, value: DEMO_TOKEN } },
      }),
      displayRequestDuration: true,
      tryItOutEnabled: true,
      // Otherwise a page that is not on localhost asks a validator on the Internet.
      validatorUrl: null,
    },
  });
}
