/**
 * The variable that is set where the pins of pip and npm may not make a RUN fail. What they can't be reconciled with is then
 * installed as the recipe has it, and the comparison shows what that made of the image.
 */
export const FREE = "VERIFIED_IMAGES_FREE";

/** Its value where everything gives way to the recipe, apt's pins too: a lock is renewed. Any other value is about pip and npm. */
export const ALL_FREE = "all";
