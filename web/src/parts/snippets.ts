/** Of an address with the virtual host, and of that for who takes them apart. */
type Write = (address: string, vhost: string) => string;

export type Purpose = 'publish' | 'consume';

/** As all of the languages write text in these quotation marks. */
export const quoted = (text: string, mark: string) =>
    mark === '"' ? JSON.stringify(text) : `'${text.replaceAll(/[\\']/g, '\\$&')}'`;

// The shortest that do it. The address is amqp://USER:PASSWORD@HOST:PORT, and /VHOST if that is not the usual one.
export const snippets: { [language: string]: { [purpose in Purpose]: Write } } = {
    'C#': {
        publish: (address) => `// dotnet add package RabbitMQ.Client
var factory = new ConnectionFactory { Uri = new("${address}"), ClientProvidedName = "my-app" };
await using var connection = await factory.CreateConnectionAsync();
await using var channel = await connection.CreateChannelAsync();
await channel.QueueDeclareAsync("hello", durable: true, exclusive: false, autoDelete: false);
await channel.BasicPublishAsync("", "hello", "Hello"u8.ToArray());`,
        consume: (address) => `// dotnet add package RabbitMQ.Client
var factory = new ConnectionFactory { Uri = new("${address}"), ClientProvidedName = "my-app" };
await using var connection = await factory.CreateConnectionAsync();
await using var channel = await connection.CreateChannelAsync();
await channel.BasicQosAsync(0, prefetchCount: 50, global: false);
var consumer = new AsyncEventingBasicConsumer(channel);
consumer.ReceivedAsync += async (_, message) => await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
await channel.BasicConsumeAsync("hello", autoAck: false, consumer);`,
    },
    Go: {
        publish: (address) => `// go get github.com/rabbitmq/amqp091-go
connection, err := amqp.Dial("${address}")
channel, err := connection.Channel()
_, err = channel.QueueDeclare("hello", true, false, false, false, nil)
err = channel.Publish("", "hello", false, false, amqp.Publishing{Body: []byte("Hello")})`,
        consume: (address) => `// go get github.com/rabbitmq/amqp091-go
connection, err := amqp.Dial("${address}")
channel, err := connection.Channel()
err = channel.Qos(50, 0, false)
messages, err := channel.Consume("hello", "", false, false, false, false, nil)
for message := range messages {
    err = message.Ack(false)
}`,
    },
    Java: {
        publish: (address) => `// com.rabbitmq:amqp-client
var factory = new ConnectionFactory();
factory.setUri("${address}");
try (var connection = factory.newConnection("my-app"); var channel = connection.createChannel()) {
  channel.queueDeclare("hello", true, false, false, null);
  channel.basicPublish("", "hello", null, "Hello".getBytes());
}`,
        consume: (address) => `// com.rabbitmq:amqp-client
var factory = new ConnectionFactory();
factory.setUri("${address}");
var channel = factory.newConnection("my-app").createChannel();
channel.basicQos(50);
channel.basicConsume("hello", false,
    (tag, message) -> channel.basicAck(message.getEnvelope().getDeliveryTag(), false), tag -> { });`,
    },
    Node: {
        publish: (address) => `// npm install amqplib
import { connect } from 'amqplib';
const connection = await connect('${address}', { clientProperties: { connection_name: 'my-app' } });
const channel = await connection.createChannel();
await channel.assertQueue('hello');
channel.sendToQueue('hello', Buffer.from('Hello'));`,
        consume: (address) => `// npm install amqplib
import { connect } from 'amqplib';
const connection = await connect('${address}', { clientProperties: { connection_name: 'my-app' } });
const channel = await connection.createChannel();
await channel.prefetch(50);
await channel.consume('hello', (message) => channel.ack(message));`,
    },
    PHP: {
        publish: (address, vhost) => `// composer require php-amqplib/php-amqplib
$at = parse_url('${address}');
$connection = new PhpAmqpLib\\Connection\\AMQPStreamConnection(
    $at['host'], $at['port'], $at['user'], $at['pass'], ${quoted(vhost, "'")});
$channel = $connection->channel();
$channel->queue_declare('hello', false, true, false, false);
$channel->basic_publish(new PhpAmqpLib\\Message\\AMQPMessage('Hello'), '', 'hello');
$connection->close();`,
        consume: (address, vhost) => `// composer require php-amqplib/php-amqplib
$at = parse_url('${address}');
$connection = new PhpAmqpLib\\Connection\\AMQPStreamConnection(
    $at['host'], $at['port'], $at['user'], $at['pass'], ${quoted(vhost, "'")});
$channel = $connection->channel();
$channel->basic_qos(0, 50, false);
$channel->basic_consume('hello', '', false, false, false, false, fn ($message) => $message->ack());
$channel->consume();`,
    },
    Python: {
        publish: (address) => `# pip install pika
import pika
connection = pika.BlockingConnection(pika.URLParameters('${address}'))
channel = connection.channel()
channel.queue_declare('hello', durable=True)
channel.basic_publish('', 'hello', b'Hello')
connection.close()`,
        consume: (address) => `# pip install pika
import pika
connection = pika.BlockingConnection(pika.URLParameters('${address}'))
channel = connection.channel()
channel.basic_qos(prefetch_count=50)
channel.basic_consume('hello', lambda ch, method, properties, body: ch.basic_ack(method.delivery_tag))
channel.start_consuming()`,
    },
    Ruby: {
        publish: (address) => `# gem install bunny
require 'bunny'
connection = Bunny.new('${address}').start
channel = connection.create_channel
queue = channel.queue('hello', durable: true)
channel.default_exchange.publish('Hello', routing_key: queue.name)
connection.close`,
        consume: (address) => `# gem install bunny
require 'bunny'
connection = Bunny.new('${address}').start
channel = connection.create_channel
channel.prefetch(50)
channel.queue('hello', durable: true).subscribe(manual_ack: true, block: true) do |delivery, _, _|
  channel.ack(delivery.delivery_tag)
end`,
    },
};
