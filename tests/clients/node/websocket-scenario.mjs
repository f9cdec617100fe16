// What @cloudamqp/amqp-client does over a WebSocket, in Node and in a browser alike: it must need nothing but its
// arguments, since its text is also sent into a page.
export async function scenario(Client, url) {
    const check = (fact, what) => {
        if (!fact) throw new Error(what);
    };
    const errors = [];
    const client = new Client({ url, name: 'over a WebSocket', heartbeat: 1 });
    client.onerror = (error) => errors.push(error.message);
    await client.connect();

    const channel = await client.channel();
    const { name } = await channel.queueDeclare('', { exclusive: true });
    await channel.confirmSelect();
    // Small ones, one a frame; then one of a megabyte, which comes back in frames that straddle messages.
    const sizes = [0, 1, ...Array.from({ length: 500 }, (_, i) => 10 + i), 1_000_003];
    await Promise.all(sizes.map((size) => channel.basicPublish('', name, new Uint8Array(size).fill(size % 251))));

    await channel.basicQos(20);
    await new Promise((resolve, reject) => {
        let seen = 0;
        channel
            .basicConsume(name, { noAck: false }, (message) => {
                const size = sizes[seen++];
                const body = message.body ?? new Uint8Array(0);
                if (body.length !== size || body.some((octet) => octet !== size % 251)) {
                    reject(new Error(`message ${seen} has ${body.length} bytes, ${size} were published, or others`));
                }
                message.ack();
                if (seen === sizes.length) resolve();
            })
            .catch(reject);
    });
    check((await channel.queueDeclare(name, { passive: true })).messageCount === 0, 'messages are left');

    const failing = await client.channel();
    const error = await failing.queueDeclare('not-there', { passive: true }).then(
        () => null,
        (e) => e,
    );
    check(error?.message.includes('404'), `expected 404, got ${error}`);

    await client.close();
    const wrong = new Client({ url, password: 'wrong' });
    wrong.onerror = () => {};
    const refused = await wrong.connect().then(
        () => null,
        (e) => e,
    );
    check(refused?.message?.includes('403') || refused?.message?.includes('ACCESS_REFUSED'), `refused: ${refused}`);
    // The library tells a channel's close here too; that the connection was not closed in order it would tell as well.
    const others = errors.filter((message) => !message.includes('404'));
    check(others.length === 0, others.join('; '));
}
