import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** A token that the simulated identity service takes, so that "Try it out" works at once. */
const DEMO_TOKEN = 'alice:demo';

const TOKEN_SCHEME = 'X-Auth-Token';
const TOKEN = { type: 'apiKey', in: 'header', name: 'X-Auth-Token' } as const;

/** The step before the first request. */
const FIRST_STEP = {
  embedded: 'everything is filled in, press *Execute*',
  nova: 'fill in the ids of an image and a flavor of your cloud, and press *Execute*',
};

/** The introduction at the top of the page. */
const story = (compute: keyof typeof FIRST_STEP) => `
Send \`Task-tag: <any string>\` with a request that creates a server or acts on one. If its answer never arrives,
look up the outcome by the tag; or send it again: it is not done twice.

1. **POST /v3/servers**: ${FIRST_STEP[compute]}. The answer is 202, with the tag in its headers.
2. Press *Execute* again, like a client that never saw the answer: 409, *That request is already accepted*.
3. **GET /v3/servers/{key}/tasks**: look it up by the tag. There is one task, and it names the one server.

\`/v2.1\` is the same API as \`/v3\`.
`;

/** How to sign in, and the hint at the token's field. */
const SIGN_IN = {
  embedded: {
    story: `You are \`${DEMO_TOKEN}\`, user and project; *Authorize* takes any other pair.`,
    field: 'In the simulated cloud: `user:project`.',
  },
  keystone: {
    story: 'Sign in first: *Authorize* takes a token from `openstack token issue`.',
    field: 'A Keystone token, scoped to a project.',
  },
};

/** The settings that the page depends on. */
export interface OpenApiSettings {
  IDENTITY: keyof typeof SIGN_IN;
  COMPUTE: keyof typeof FIRST_STEP;
}

/** The groups, in the order in which the page shows them. */
const GROUPS: [name: string, description: string][] = [
  ['servers', 'Every change to a server is recorded as a task, with or without a tag.'],
  ['tasks', 'The recorded requests and their outcomes.'],
  ['interfaces and volumes', 'Changes that are recorded as tasks, too.'],
];

const SIMULATED: [name: string, description: string] = [
  'simulated cloud',
  'Images, flavors and networks to make servers with.',
];

/**
 * Serves the OpenAPI document at `/openapi.json`, and Swagger UI, with everything it needs, at `/docs`.
 *
 * @param settings the identity service, since with the simulated one the page is signed in already; and the cloud
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
      // Otherwise a page that is not on localhost would ask a validator on the Internet.
      validatorUrl: null,
    },
  });
}
