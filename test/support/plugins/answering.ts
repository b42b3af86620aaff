import { errorAnswer } from "./answers";

type Handler = (call: { request: never }, callback: (error: object | null, answer?: object) => void) => void;

/** One method of the protocol: an error of the work becomes the error that the engine shows. */
export function answering<Request>(work: (request: Request) => object | Promise<object>): Handler {
  return ({ request }, callback) => {
    (async () => work(request as Request))().then(
      (answer) => callback(null, answer),
      (error: unknown) => callback(errorAnswer(error)),
    );
  };
}
