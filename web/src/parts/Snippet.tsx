import { saved } from './saved';

const language = saved('language', 'Python');

type Write = (host: string, port: number) => string;

// The shortest that publishes one message and gets it.
const snippets: { [language: string]: Write } = {
    'C#': (host, port) => `// dotnet add package RabbitMQ.Client
var factory = new ConnectionFactory { Uri = new("amqp://USER:PASSWORD@${host}:${port}"), ClientProvidedName = "my-app" };
await using var connection = await factory.CreateConnectionAsync();
await using var channel = await connection.CreateChannelAsync();
await channel.QueueDeclareAsync("hello", durable: true, exclusive: false, autoDelete: false);
await channel.BasicPublishAsync("", "hello", "Hello"u8.ToArray());`,
    Go: (host, port) => `// go get github.com/rabbitmq/amqp091-go
connection, err := amqp.Dial("amqp://USER:PASSWORD@${host}:${port}/")
channel, err := connection.Channel()
_, err = channel.QueueDeclare("hello", true, false, false, false, nil)
err = channel.Publish("", "hello", false, false, amqp.Publishing{Body: []byte("Hello")})`,
    Java: (host, port) => `// com.rabbitmq:amqp-client
var factory = new ConnectionFactory();
factory.setUri("amqp://USER:PASSWORD@${host}:${port}");
try (var connection = factory.newConnection("my-app"); var channel = connection.createChannel()) {
  channel.queueDeclare("hello", true, false, false, null);
  channel.basicPublish("", "hello", null, "Hello".getBytes());
}`,
    Node: (host, port) => `// npm install amqplib
import { connect } from 'amqplib';
const connection = await connect('amqp://USER:PASSWORD@${host}:${port}', { clientProperties: { connection_name: 'my-app' } });
const channel = await connection.createChannel();
await channel.assertQueue('hello');
channel.sendToQueue('hello', Buffer.from('Hello'));`,
    PHP: (host, port) => `// composer require php-amqplib/php-amqplib
$connection = new PhpAmqpLib\\Connection\\AMQPStreamConnection('${host}', ${port}, 'USER', 'PASSWORD');
$channel = $connection->channel();
$channel->queue_declare('hello', false, true, false, false);
$channel->basic_publish(new PhpAmqpLib\\Message\\AMQPMessage('Hello'), '', 'hello');
$connection->close();`,
    Python: (host, port) => `# pip install pika
import pika
connection = pika.BlockingConnection(pika.URLParameters('amqp://USER:PASSWORD@${host}:${port}'))
channel = connection.channel()
channel.queue_declare('hello', durable=True)
channel.basic_publish('', 'hello', b'Hello')
connection.close()`,
    Ruby: (host, port) => `# gem install bunny
require 'bunny'
connection = Bunny.new('amqp://USER:PASSWORD@${host}:${port}').start
channel = connection.create_channel
queue = channel.queue('hello', durable: true)
channel.default_exchange.publish('Hello', routing_key: queue.name)
connection.close`,
};

/** A first program in the reader's language. */
export function Snippet({ listeners = [] }: { listeners?: { protocol: string; port: number }[] }) {
    const port = listeners.find((listener) => listener.protocol === 'amqp' && listener.port > 0)?.port ?? 5672;
    const write = snippets[language.value] ?? snippets['Python'];
    return (
        <div class="snippet">
            <div class="tabs" role="group" aria-label="Language">
                {Object.keys(snippets).map((name) => (
                    <button
                        type="button"
                        key={name}
                        aria-pressed={language.value === name}
                        onClick={() => (language.value = name)}
                    >
                        {name}
                    </button>
                ))}
            </div>
            <pre tabIndex={0}>
                <code>{write?.(location.hostname, port)}</code>
            </pre>
        </div>
    );
}
