use typedis::{Client, commands::geo::Position, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let _replies = pipeline! { client =>
        append("k", 1);
        llen("k"); //~ ERROR this key is a_string by now, and `Llen` wants a_list
        scard("k"); //~ ERROR this key is a_string by now, and `Scard` wants a_set
        zcard("k"); //~ ERROR this key is a_string by now, and `Zcard` wants a_sorted_set
        hlen("k"); //~ ERROR this key is a_string by now, and `Hlen` wants a_hash
        sort::<String>("k"); //~ ERROR this key is a_string by now, and `Sort<std::string::String>` wants a_list_or_set_or_sorted_set
        zunion::<String>("k"); //~ ERROR this key is a_string by now, and `Zunion<std::string::String>` wants a_set_or_sorted_set
    }?;
    let _replies = pipeline! { client =>
        rpush("k", 1);
        strlen("k"); //~ ERROR this key is a_list by now, and `Strlen` wants a_string
        scard("k"); //~ ERROR this key is a_list by now, and `Scard` wants a_set
        zcard("k"); //~ ERROR this key is a_list by now, and `Zcard` wants a_sorted_set
        hlen("k"); //~ ERROR this key is a_list by now, and `Hlen` wants a_hash
        zunion::<String>("k"); //~ ERROR this key is a_list by now, and `Zunion<std::string::String>` wants a_set_or_sorted_set
    }?;
    let _replies = pipeline! { client =>
        sadd("k", 1);
        strlen("k"); //~ ERROR this key is a_set by now, and `Strlen` wants a_string
        llen("k"); //~ ERROR this key is a_set by now, and `Llen` wants a_list
        zcard("k"); //~ ERROR this key is a_set by now, and `Zcard` wants a_sorted_set
        hlen("k"); //~ ERROR this key is a_set by now, and `Hlen` wants a_hash
    }?;
    let _replies = pipeline! { client =>
        zadd("k", (1, 1));
        strlen("k"); //~ ERROR this key is a_sorted_set by now, and `Strlen` wants a_string
        llen("k"); //~ ERROR this key is a_sorted_set by now, and `Llen` wants a_list
        scard("k"); //~ ERROR this key is a_sorted_set by now, and `Scard` wants a_set
        hlen("k"); //~ ERROR this key is a_sorted_set by now, and `Hlen` wants a_hash
    }?;
    let _replies = pipeline! { client =>
        hset("k", (1, 1));
        strlen("k"); //~ ERROR this key is a_hash by now, and `Strlen` wants a_string
        llen("k"); //~ ERROR this key is a_hash by now, and `Llen` wants a_list
        scard("k"); //~ ERROR this key is a_hash by now, and `Scard` wants a_set
        zcard("k"); //~ ERROR this key is a_hash by now, and `Zcard` wants a_sorted_set
        sort::<String>("k"); //~ ERROR this key is a_hash by now, and `Sort<std::string::String>` wants a_list_or_set_or_sorted_set
        zunion::<String>("k"); //~ ERROR this key is a_hash by now, and `Zunion<std::string::String>` wants a_set_or_sorted_set
    }?;
    let _replies = pipeline! { client =>
        vadd("k", [1.0_f32], "a");
        arlen("k"); //~ ERROR this key is a_vector_set by now, and `Arlen` wants an_array
    }?;
    let _replies = pipeline! { client =>
        arset("k", 0, "a");
        vcard("k"); //~ ERROR this key is an_array by now, and `Vcard` wants a_vector_set
    }?;
    let _replies = pipeline! { client =>
        geoadd("k", (Position::new(1.0, 2.0), "a"));
        getbit("k", 0); //~ ERROR this key is a_sorted_set by now, and `Getbit` wants a_string
    }?;
    let _replies = pipeline! { client =>
        xadd("k", (1, 1));
        strlen("k"); //~ ERROR this key is a_stream by now, and `Strlen` wants a_string
        hlen("k"); //~ ERROR this key is a_stream by now, and `Hlen` wants a_hash
    }?;
    let _replies = pipeline! { client =>
        rpush("k", 1);
        xlen("k"); //~ ERROR this key is a_list by now, and `Xlen` wants a_stream
    }?;
    Ok(())
}

fn main() {}
