// What arguments and policies are called, and what they do: docs/queues.md and docs/policies.md have them all.

const lengths = {
    'max-length': 'Messages that it holds at most',
    'max-length-bytes': 'Bytes of bodies that it holds at most',
    overflow: 'What happens when it is full: drop-head, reject-publish or reject-publish-dlx',
    'message-ttl': 'Milliseconds that a message may wait',
    expires: 'Milliseconds that it may be unused before it is deleted',
    'dead-letter-exchange': 'Where messages go that are rejected, expired or dropped',
    'dead-letter-routing-key': 'With which routing key they go there, if not with their own',
    'delivery-limit': 'How often a message is given back before it is dropped or dead-lettered',
};

export const policyNames: { [name: string]: string } = {
    ...lengths,
    'alternate-exchange': 'Of exchanges: where messages go that no binding takes',
};

export const queueArguments: { [name: string]: string } = {
    ...Object.fromEntries(Object.entries(lengths).map(([name, does]) => [`x-${name}`, does])),
    'x-max-priority': 'Its highest priority, 1 to 255: messages with a higher one go first',
    'x-single-active-consumer': 'true: only one consumer is served, the next when it goes',
};

export const exchangeArguments: { [name: string]: string } = {
    'alternate-exchange': 'Where messages go that no binding takes',
};
