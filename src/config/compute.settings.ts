import { IsIn, IsInt, IsOptional, Matches, Max, Min, ValidateIf } from 'class-validator';
import { DatabaseSettings } from './database.settings.js';
import { AsNumber } from './parsing.js';

const AMQP_URL = /amqps?:\/\/[^\s,/?#]+(\/[^\s,?#]*)?(\?[^\s,#]*)?/.source;
const AMQP_URLS = new RegExp(`^${AMQP_URL}(\\s*,\\s*${AMQP_URL})*$`);

function usesNova({ COMPUTE }: ComputeSettings): boolean {
  return COMPUTE === 'nova';
}

/** The compute service behind this server: the simulated cloud, or a Nova and its notifications. */
export class ComputeSettings extends DatabaseSettings {
  /** The compute service that requests go to. */
  @IsIn(['embedded', 'nova'], { message: 'must be "embedded" or "nova"' })
  COMPUTE: 'embedded' | 'nova' = 'embedded';

  /** Nova's API, at the address by which this server reaches it, without a version. */
  @ValidateIf(usesNova)
  @Matches(/^https?:\/\/[^\s"/?#@]+(?!\/(.*\/)?v2(\.1)?(\/|$))(\/[^\s"?#@]*)?$/, {
    message: 'must be the address of Nova without a version, such as http://127.0.0.1:8774',
  })
  NOVA_URL = '';

  /** How a tagged create marks its server, so that it can be found when Nova's answer is lost. */
  @IsIn(['auto', 'tag', 'metadata', 'none'], { message: 'must be "auto", "tag", "metadata" or "none"' })
  NOVA_MARKER: 'auto' | 'tag' | 'metadata' | 'none' = 'auto';

  /**
   * How long Nova may take to answer a request, in milliseconds; then the client gets a 504. It should exceed the time
   * that Nova waits for its own services (`rpc_response_timeout`, 60 s), since Nova answers their silence itself.
   */
  @AsNumber()
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(100, { message: 'must be at least 100 milliseconds' })
  @Max(3_600_000, { message: 'must be at most 3600000 milliseconds, an hour' })
  NOVA_TIMEOUT_MS = 70_000;

  /**
   * How long Nova may work on a request that it has received, in milliseconds. If the request is not found after that,
   * while Nova has answered all along, it was not accepted.
   */
  @AsNumber()
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(1000, { message: 'must be at least 1000 milliseconds' })
  @Max(86_400_000, { message: 'must be at most 86400000 milliseconds, a day' })
  NOVA_LONGEST_REQUEST_MS = 300_000;

  /** Where Nova publishes its versioned notifications; several message buses are separated by commas. */
  @Matches(AMQP_URLS, {
    message: 'must be amqp://user:password@host:port/vhost, or several separated by commas',
  })
  @IsOptional()
  NOTIFICATIONS_URL: string | undefined = undefined;

  /** The exchange that Nova publishes to, and the audit with it (`control_exchange` of Nova). */
  @Matches(/^[\w.-]+$/, { message: 'must be the name of an exchange, such as nova' })
  NOTIFICATIONS_EXCHANGE = 'nova';

  /** The topic of the notifications (`versioned_notifications_topics` of Nova). */
  @Matches(/^[\w.-]+$/, { message: 'must be a topic, such as versioned_notifications' })
  NOTIFICATIONS_TOPIC = 'versioned_notifications';

  /** This deployment's own queue for them, which all of its replicas share. */
  @Matches(/^[\w.-]+$/, { message: 'must be the name of a queue, such as tasktag' })
  NOTIFICATIONS_QUEUE = 'tasktag';

  /** How long a simulated operation takes, in milliseconds. */
  @AsNumber()
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(0, { message: 'must be a whole number of milliseconds' })
  @Max(86_400_000, { message: 'must be at most 86400000 milliseconds, a day' })
  EMBEDDED_TASK_MS = 2000;
}
